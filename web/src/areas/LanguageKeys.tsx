// Seven keys: the floor and six languages, each in its own script, each with what it carries now in shape and word. The
// chosen one is pressed. Never more than one press away, on every page of a meeting.

import type { ComponentChildren } from 'preact';
import { CHANNEL_ID_VALUES, type ChannelId } from '../contract/generated.ts';
import { DepthMark } from '../elements/DepthMark.tsx';
import { Icon, type IconName } from '../elements/Icon.tsx';
import { languageName, OWN_NAMES, text } from '../i18n/index.ts';
import { depthOf } from '../state/desk.ts';
import { channel, suspensionOf } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { carriedBy, carriedWords } from './carried.ts';
import styles from './LanguageKeys.css?inline';

adopt(styles);

interface LanguageKeysProps {
    chosen: ChannelId;
    onChoose: (channel: ChannelId) => void;
    label: string;
    // With one, keys say at which hand they are: an interpreter's.
    depths?: boolean;
    class?: string;
    // More keys of the same row.
    children?: ComponentChildren;
}

export function LanguageKeys({
    chosen,
    onChoose,
    label,
    depths = false,
    class: more = '',
    children,
}: LanguageKeysProps) {
    return (
        <fieldset class={`language-keys ${more}`} aria-label={label}>
            {CHANNEL_ID_VALUES.map((id) => (
                <LanguageKey
                    key={id}
                    id={id}
                    pressed={id === chosen}
                    onPress={() => onChoose(id)}
                    legend={String(CHANNEL_ID_VALUES.indexOf(id))}
                    withDepth={depths}
                />
            ))}
            {children}
        </fieldset>
    );
}

interface LanguageKeyProps {
    id: ChannelId;
    onPress: () => void;
    // Of one among others: whether it is the one, and the key of the keyboard.
    pressed?: boolean;
    legend?: string;
    withDepth?: boolean;
    // It opens the choice instead of being one.
    opens?: boolean;
    label?: string;
}

function keyWords(id: ChannelId): { state: string; icon: IconName; words: string } {
    if (id === 'floor') {
        return { state: 'original', icon: 'loudspeaker', words: text('channel.original') };
    }
    if (suspensionOf(id) !== null) {
        return { state: 'suspended', icon: 'clock', words: text('channel.suspended') };
    }
    const carried = carriedBy(channel(id));
    return { ...carried, words: carriedWords(carried) };
}

export function LanguageKey({
    id,
    onPress,
    pressed,
    legend,
    withDepth = false,
    opens = false,
    label,
}: LanguageKeyProps) {
    const { state, icon, words } = keyWords(id);
    const depth = depthOf(id, channel(id));
    const name = id === 'floor' ? text('channel.floor_name') : OWN_NAMES[id];
    return (
        <button
            type="button"
            class={`language-key language-key-${state}`}
            aria-pressed={pressed}
            aria-haspopup={opens ? 'dialog' : undefined}
            onClick={onPress}
        >
            {label !== undefined && <span class="hidden-text">{label}</span>}
            <span class="language-key-sign">
                <Icon name={icon} size={16} />
            </span>
            <span class="language-key-name" lang={id === 'floor' ? undefined : id}>
                {name}
            </span>
            {/* The name in the reader's language, for a voice that cannot speak the key's own. */}
            {id !== 'floor' && <span class="hidden-text">{languageName(id)}</span>}
            <span class="language-key-state">{words}</span>
            <span class="language-key-depth">
                {depth !== null && (withDepth || depth >= 2) && <DepthMark depth={depth} />}
            </span>
            <span class="kbd key-legend" aria-hidden="true">
                {opens ? <Icon name="up" size={16} /> : legend}
            </span>
        </button>
    );
}
