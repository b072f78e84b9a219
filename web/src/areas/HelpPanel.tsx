// One's own call for help, from wherever one is: what it is about in one press, who answers, what both write, and what the helper suggests,
// with the chooser there. It comes behind the first screen (room_parts.ts).

import '../elements/room_icons.ts';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import {
    can,
    HELP_REASON_VALUES,
    type HelpLine,
    type HelpSuggestion,
    type Participant,
} from '../contract/generated.ts';
import { Dialog } from '../elements/Dialog.tsx';
import { Icon, type IconName } from '../elements/Icon.tsx';
import { LevelMeter } from '../elements/LevelMeter.tsx';
import { formatTime, text } from '../i18n/index.ts';
import { command } from '../live/actions.ts';
import {
    devices,
    mediaPhase,
    microphoneLevel,
    microphoneUsed,
    selected,
    speakerSelectable,
    systemChoice,
} from '../media/media.ts';
import { documents } from '../state/documents.ts';
import { helpCallOf } from '../state/help.ts';
import { capacity, me, meeting, participant } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { act, told, toldText } from './act.ts';
import { EarphonesField, MicrophoneField } from './DevicePicker.tsx';
import { DocumentLines } from './Documents.tsx';
import { HelpLog, HelpWrite, helpLinesOf } from './HelpLines.tsx';
import styles from './HelpPanel.css?inline';
import { helpNews, nameOf, REASON_ICONS, useHelpNews } from './help_news.ts';
import { helpOpen } from './help_parts.ts';
import { toggleCamera } from './pictures.ts';
import { reading } from './reading.ts';
import { sendsMicrophone } from './roles.ts';

adopt(styles);

/** Beside every screen of a meeting; nothing to see while it is closed. */
export function HelpConversation() {
    useHelpNews();
    useDevicesTold();
    const person = me.value;
    return helpOpen.value && person !== null ? <Panel person={person} /> : null;
}

const NAME_MOST = 80;

function shortened(label: string): string {
    return [...label].slice(0, NAME_MOST).join('');
}

function deviceNames(): { microphone: string; earphones: string } {
    const { speaker } = selected.value;
    const { speakers } = devices.value;
    const chosen = speakers.find((one) => one.id === speaker)?.label ?? '';
    return {
        microphone: shortened(microphoneUsed.value.label),
        earphones: shortened(chosen || systemChoice(speakers)),
    };
}

// While one calls whoever answers sees what one's devices are called; when it is over it is taken back.
function useDevicesTold(): void {
    const calling = (me.value?.help ?? 'none') !== 'none';
    const connected = mediaPhase.value === 'connected';
    const { microphone, earphones } = deviceNames();
    const told = useRef(false);
    useEffect(() => {
        if (connected && (calling || told.current)) {
            told.current = calling;
            // Nobody is told when it fails: it is there again with the next change, and the call stands without it.
            command('media.devices', calling ? { microphone, earphones } : {}).catch(() => {});
        }
    }, [calling, connected, microphone, earphones]);
}

function close(): void {
    helpOpen.value = false;
}

function Panel({ person }: { person: Participant }) {
    const calling = person.help !== 'none';
    const call = helpCallOf(meeting.value, person.id);
    const problem = refused();
    useEffect(() => {
        helpNews.value = null;
    }, []);
    return (
        <Dialog title={text('helping.title')} onClose={close}>
            <div class="help-talk">
                <p class="help-state" role="status">
                    <Icon name={calling ? 'help' : 'chat'} />
                    <span>{stateWords(person)}</span>
                </p>
                {(!calling || call?.reason === undefined) && <Reasons />}
                <HelpLog
                    of={person.id}
                    below={(line) => line.suggestion && <Offer suggested={line.suggestion} />}
                />
                {calling && <HelpWrite label={text('helping.write')} />}
                {problem !== null && (
                    <p class="field-problem" role="alert">
                        <Icon name="warning" size={18} />
                        <span>{toldText(problem)}</span>
                    </p>
                )}
                <p class="small muted">{text('helping.told')}</p>
                {calling && (
                    <button type="button" class="button" onClick={() => void act('help.cancel', {})}>
                        <Icon name={person.help === 'asked' ? 'close' : 'check'} />
                        <span>{text(person.help === 'asked' ? 'helping.cancel' : 'helping.solved')}</span>
                    </button>
                )}
            </div>
        </Dialog>
    );
}

// What others do to oneself is told outside.
function refused(): typeof told.value {
    const now = told.value;
    return now !== null && 'who' in now ? null : now;
}

function stateWords({ id, help }: Participant): string {
    const call = helpCallOf(meeting.value, id);
    if (help === 'none') {
        return text(helpLinesOf(id).length === 0 ? 'helping.what' : 'helping.again');
    }
    if (help === 'asked' || call === undefined) {
        return text('helping.asked', { time: formatTime(call?.since ?? 0) });
    }
    const helper = participant(call.helper);
    if (helper === null) {
        return text('help_call.handled');
    }
    const key = helper.presence === 'away' ? 'helping.helper_away' : 'helping.handled';
    return text(key, { name: nameOf(helper.id) });
}

function Reasons() {
    return (
        <fieldset class="help-reasons" aria-label={text('helping.reasons')}>
            {HELP_REASON_VALUES.map((reason) => (
                <button
                    key={reason}
                    type="button"
                    class="button button-large"
                    onClick={() => void act('help.ask', { reason })}
                >
                    <Icon name={REASON_ICONS[reason]} size={24} />
                    <span>{text(`help_reason.${reason}`)}</span>
                </button>
            ))}
        </fieldset>
    );
}

// What one can do about a suggestion, where there is something to press.
function Offer({ suggested }: { suggested: NonNullable<HelpLine['suggestion']> }) {
    switch (suggested) {
        case 'change_microphone':
            return sendsMicrophone(capacity.value) ? (
                <Chooser of={suggested}>
                    <MicrophoneField />
                    <LevelMeter level={microphoneLevel} label={text('level.own')} withWords />
                </Chooser>
            ) : null;
        case 'change_earphones':
            return speakerSelectable ? (
                <Chooser of={suggested}>
                    <EarphonesField />
                </Chooser>
            ) : null;
        case 'camera_off':
            return me.value?.camera === true ? (
                <button type="button" class="button help-offer" onClick={() => void toggleCamera()}>
                    <Icon name="camera_off" />
                    <span>{text('help_do.camera_off')}</span>
                </button>
            ) : null;
        case 'open_documents':
            // A technician's console has no place to read.
            return can(capacity.value, 'routes_sound') ? null : (
                <Chooser of={suggested}>
                    <DocumentsThere />
                </Chooser>
            );
        case 'load_again':
            return (
                <button type="button" class="button help-offer" onClick={() => location.reload()}>
                    {text('help_do.load_again')}
                </button>
            );
        default:
            return null;
    }
}

const CHOOSER_ICONS = {
    change_microphone: 'microphone',
    change_earphones: 'headphones',
    open_documents: 'book',
} as const satisfies Partial<Record<HelpSuggestion, IconName>>;

interface ChooserProps {
    of: keyof typeof CHOOSER_ICONS;
    children: ComponentChildren;
}

// The choice itself, in the conversation: the same wherever one is, and nothing else moves.
function Chooser({ of, children }: ChooserProps) {
    const [open, setOpen] = useState(false);
    const place = useRef<HTMLDivElement>(null);
    useEffect(() => {
        if (open) {
            place.current?.scrollIntoView({ block: 'nearest' });
            place.current?.querySelector<HTMLElement>('select, button')?.focus();
        }
    }, [open]);
    return open ? (
        <div ref={place} class="help-chooser">
            {children}
        </div>
    ) : (
        <button type="button" class="button help-offer" onClick={() => setOpen(true)}>
            <Icon name={CHOOSER_ICONS[of]} />
            <span>{text(`help_do.${of}`)}</span>
        </button>
    );
}

// The documents themselves, wherever they stand on this screen. A text that is opened is read there, and the conversation makes room.
function DocumentsThere() {
    const before = useRef(reading.value);
    const now = reading.value;
    useEffect(() => {
        if (now !== null && now !== before.current) {
            close();
        }
    }, [now]);
    const list = documents.value;
    return list.length === 0 ? <p>{text('documents.none')}</p> : <DocumentLines list={list} />;
}
