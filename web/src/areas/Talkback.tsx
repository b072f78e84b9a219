// The keys that are held to speak aside, and the line that says who speaks aside to oneself.

import type { Language, TalkTo } from '../contract/generated.ts';
import { Icon } from '../elements/Icon.tsx';
import { text } from '../i18n/index.ts';
import { beginTalk, endTalk } from '../live/talkback.ts';
import { me } from '../state/store.ts';
import { talker } from '../state/talkback.ts';
import { adopt } from '../styles/adopt.ts';
import { sayProblem } from './act.ts';
import styles from './Talkback.css?inline';

adopt(styles);

export function pressTalk(to: TalkTo, booth?: Language): void {
    beginTalk(booth === undefined ? { to } : { to, booth }, sayProblem);
}

export function releaseTalk(): void {
    endTalk(sayProblem);
}

interface TalkKeyProps {
    to: TalkTo;
    booth?: Language;
    words: string;
    legend?: string;
}

export function TalkKey({ to, booth, words, legend }: TalkKeyProps) {
    const mine = me.value?.talks_to === to && (booth === undefined || me.value.talks_to_booth === booth);
    return (
        <button
            type="button"
            class={`button talk-key${mine ? ' is-on' : ''}`}
            aria-pressed={mine}
            onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId);
                pressTalk(to, booth);
            }}
            onPointerUp={releaseTalk}
            onPointerCancel={releaseTalk}
            onBlur={releaseTalk}
            onKeyDown={(event) => {
                if ((event.key === 'Enter' || event.key === ' ') && !event.repeat) {
                    event.preventDefault();
                    pressTalk(to, booth);
                }
            }}
            onKeyUp={(event) => {
                if (event.key === 'Enter' || event.key === ' ') {
                    event.preventDefault();
                    releaseTalk();
                }
            }}
            onContextMenu={(event) => event.preventDefault()}
        >
            <Icon name="microphone" size={18} />
            <span>{words}</span>
            {legend !== undefined && (
                <span class="kbd" aria-hidden="true">
                    {legend}
                </span>
            )}
        </button>
    );
}

/** The place is always there, so that nothing moves when someone speaks. */
export function TalkingToMe({ otherwise = '' }: { otherwise?: string }) {
    const who = talker.value;
    return (
        <p class={`talking-to-me${who === null ? '' : ' is-talking'}`} role="status">
            {who === null ? (
                <span class="muted">{otherwise}</span>
            ) : (
                <>
                    <Icon name="loudspeaker" size={18} />
                    <span>{text('talk.to_you', { name: who.name })}</span>
                </>
            )}
        </p>
    );
}
