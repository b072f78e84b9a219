// The notice line: what failed, what was kept, what to do; and in a meeting what RoomNotices.tsx has. It stands in the bar over words that can
// wait, never over a control and one at a time; the others by its key. What was refused is here where there is no dock (ToldLine.tsx).

import { signal } from '@preact/signals';
import { CloseKey } from '../elements/CloseKey.tsx';
import { Icon } from '../elements/Icon.tsx';
import { formatTime, text } from '../i18n/index.ts';
import { audioBlocked, unlockAudio } from '../media/media.ts';
import { blockedPort, expiring, soundOutSince } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { act, dismissTold, told, toldLines, toldText } from './act.ts';
import { meetingsParts } from './meetings_parts.ts';
import styles from './Notice.css?inline';
import { roomParts } from './room_parts.ts';

adopt(styles);

// The reader wants to see them all at once.
const all = signal(false);

export function NoticeLine() {
    // Told above the dock where there is one.
    const problem = toldLines.value > 0 ? null : told.value;
    const Calls = meetingsParts.value?.Calls;
    const Notices = roomParts.value?.Notices;
    return (
        <div class={`notice-place${all.value ? ' is-whole' : ''}`}>
            <div class="notice-list" role="alert">
                {problem !== null && (
                    <div class="notice">
                        <Icon name="warning" />
                        <p>{toldText(problem)}</p>
                        <CloseKey onPress={dismissTold} />
                    </div>
                )}
                {soundOutSince.value !== 0 && (
                    <div class="notice" data-testid="sound-out">
                        <Icon name="warning" />
                        <p>{text('sound_out.notice', { time: formatTime(soundOutSince.value) })}</p>
                    </div>
                )}
                {blockedPort.value !== 0 && soundOutSince.value === 0 && (
                    <div class="notice" data-testid="sound-blocked">
                        <Icon name="warning" />
                        <p>
                            {text('blocked.notice', {
                                host: location.hostname,
                                port: String(blockedPort.value),
                            })}
                        </p>
                    </div>
                )}
                {Calls !== undefined && <Calls />}
                {Notices !== undefined && <Notices quiet={told.value !== null} />}
                {told.value === null && <Expiring />}
                {told.value === null && audioBlocked.value && (
                    <div class="notice">
                        <Icon name="loudspeaker" />
                        <p>{text('audio.blocked')}</p>
                        <button type="button" class="button button-small" onClick={() => void unlockAudio()}>
                            {text('audio.unlock')}
                        </button>
                    </div>
                )}
            </div>
            {/* Seen while there are several. */}
            <button
                type="button"
                class="button button-small notice-more"
                aria-expanded={all.value}
                onClick={() => {
                    all.value = !all.value;
                }}
            >
                <Icon name={all.value ? 'close' : 'more'} />
                <span class="hidden-text">{text('notice.all')}</span>
            </button>
        </div>
    );
}

// The access ends soon: one press renews it.
function Expiring() {
    const ends = expiring.value;
    if (ends === null) {
        return null;
    }
    const key = ends.stays ? 'session.expiring_stays' : 'session.expiring';
    return (
        <div class="notice notice-expiring">
            <Icon name="clock" />
            <p>{text(key, { time: formatTime(ends.at) })}</p>
            <button type="button" class="button button-small" onClick={() => void act('session.renew', {})}>
                {text('session.renew')}
            </button>
        </div>
    );
}
