// How long interventions may last, by item and by kind of delegation: a table, and on a phone a list of items. Each choice is given at once.

import { computed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { type AgendaItem, SPEAKER_KIND_VALUES, type SpeakerKind } from '../contract/generated.ts';
import { Dialog } from '../elements/Dialog.tsx';
import { localized, localizedLanguage, text } from '../i18n/index.ts';
import { saidOf, speakingTimes, widerSeconds } from '../state/speaking_times.ts';
import { meeting } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { act } from './act.ts';
import styles from './TimesDialog.css?inline';
import { secondsToChoose, secondsWords } from './time_words.ts';

adopt(styles);

const NO_ITEMS: readonly AgendaItem[] = [];
// The table is drawn anew when these change, not with every event of the meeting.
const agenda = computed(() => meeting.value?.agenda ?? NO_ITEMS);

export function TimesDialog({ onClose }: { onClose: () => void }) {
    const id = useId();
    return (
        <Dialog title={text('times.title')} onClose={onClose} kind="wide">
            <p class="small muted">{text('times.note')}</p>
            <table class="times">
                <thead>
                    <tr>
                        <th scope="col">{text('times.item')}</th>
                        {SPEAKER_KIND_VALUES.map((kind) => (
                            <th key={kind} scope="col" id={`${id}-${kind}`}>
                                {text(`speaker_kind.${kind}`)}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    <Row id={id} item="">
                        {text('times.general')}
                    </Row>
                    {agenda.value.map((item) => (
                        <Row key={item.id} id={id} item={item.id}>
                            <bdi class="item-number times-item" dir="ltr">
                                {item.number}
                            </bdi>
                            <span lang={localizedLanguage(item.title)}>{localized(item.title)}</span>
                        </Row>
                    ))}
                </tbody>
            </table>
        </Dialog>
    );
}

interface RowProps {
    id: string;
    // None for what is said in general.
    item: string;
    children: ComponentChildren;
}

function Row({ id, item, children }: RowProps) {
    return (
        <tr>
            <th scope="row" id={`${id}-item-${item}`}>
                {children}
            </th>
            {SPEAKER_KIND_VALUES.map((kind) => (
                <td key={kind}>
                    <span class="times-kind" aria-hidden="true">
                        {text(`speaker_kind.${kind}`)}
                    </span>
                    <Cell item={item} kind={kind} labelledBy={`${id}-item-${item} ${id}-${kind}`} />
                </td>
            ))}
        </tr>
    );
}

// As more widely said.
const WIDER = 'wider';

function Cell({ item, kind, labelledBy }: { item: string; kind: SpeakerKind; labelledBy: string }) {
    const said = saidOf(speakingTimes.value, item, kind);
    const wider = widerSeconds(speakingTimes.value, item, kind);
    return (
        <select
            class={`select select-small${said === undefined ? ' times-wider' : ''}`}
            aria-labelledby={labelledBy}
            value={said?.seconds ?? WIDER}
            onChange={(event) => allow(item, kind, event.currentTarget.value)}
        >
            <option value={WIDER}>({secondsWords(wider)})</option>
            {secondsToChoose(said?.seconds ?? 0).map((one) => (
                <option key={one} value={one}>
                    {secondsWords(one)}
                </option>
            ))}
        </select>
    );
}

function allow(item: string, kind: SpeakerKind, chosen: string): void {
    void act('time.allow', {
        ...(item === '' ? {} : { item }),
        kind,
        ...(chosen === WIDER ? { seconds: 0, as_wider: true } : { seconds: Number(chosen) }),
    });
}
