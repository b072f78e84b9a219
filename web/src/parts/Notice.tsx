// The notice line: what was refused or failed, what was kept, what to do. It stands over words, never over a control, and
// stays until it is closed or the next command succeeds.

import { text } from '../i18n/index.ts';
import { audioBlocked, unlockAudio } from '../media/media.ts';
import { dismissRefusal, refusal, refusalText } from './act.ts';
import { Icon } from './Icon.tsx';

export function NoticeLine() {
    const problem = refusal.value;
    return (
        <div class="notice-place" role="alert">
            {problem !== null && (
                <div class="notice">
                    <Icon name="warning" />
                    <p>{refusalText(problem)}</p>
                    <button
                        type="button"
                        class="button button-quiet button-icon"
                        aria-label={text('action.close')}
                        onClick={dismissRefusal}
                    >
                        <Icon name="close" />
                    </button>
                </div>
            )}
            {problem === null && audioBlocked.value && (
                <div class="notice">
                    <Icon name="loudspeaker" />
                    <p>{text('audio.blocked')}</p>
                    <button type="button" class="button button-small" onClick={() => void unlockAudio()}>
                        {text('audio.unlock')}
                    </button>
                </div>
            )}
        </div>
    );
}
