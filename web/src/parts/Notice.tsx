// The notice line: what was refused or failed, what was kept, what to do, and which interpretation is suspended. It stands over
// words, never over a control, and stays until it is closed or the next command succeeds.

import { signal } from '@preact/signals';
import type { Booth } from '../contract/generated.ts';
import { languageName, text } from '../i18n/index.ts';
import { audioBlocked, unlockAudio } from '../media/media.ts';
import { suspensions } from '../state/store.ts';
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
            {problem === null &&
                suspensions.value
                    .filter((booth) => !dismissed.value.has(suspensionKey(booth)))
                    .map((booth) => <Suspension key={booth.language} booth={booth} />)}
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

// Suspensions that this reader has closed.
const dismissed = signal<ReadonlySet<string>>(new Set());

function suspensionKey(booth: Booth): string {
    return `${booth.language}/${booth.suspended_since}`;
}

// What listeners are told while interpretation into a language is suspended: its booth's own words, in that language.
function Suspension({ booth }: { booth: Booth }) {
    const { language, announcement } = booth;
    if (language === 'none') {
        return null;
    }
    return (
        <div class="notice notice-suspension">
            <Icon name="clock" />
            <p>
                <strong>{text('suspension.notice', { language: languageName(language) })}</strong>
                {announcement && (
                    <bdi class="notice-words" lang={language}>
                        {announcement}
                    </bdi>
                )}
            </p>
            <button
                type="button"
                class="button button-quiet button-icon"
                aria-label={text('action.close')}
                onClick={() => {
                    dismissed.value = new Set(dismissed.value).add(suspensionKey(booth));
                }}
            >
                <Icon name="close" />
            </button>
        </div>
    );
}
