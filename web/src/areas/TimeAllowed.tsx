// Sets how long interventions may last: on the item under discussion, else in general; by item and kind of delegation behind a key.

import { useState } from 'preact/hooks';
import { Icon } from '../elements/Icon.tsx';
import { text } from '../i18n/index.ts';
import { secondsAllowed, speakingTimes } from '../state/speaking_times.ts';
import { currentItem, may } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { act } from './act.ts';
import styles from './TimeAllowed.css?inline';
import { TimesDialog } from './TimesDialog.tsx';
import { secondsToChoose, secondsWords } from './time_words.ts';

adopt(styles);

export function TimeAllowed() {
    const [open, setOpen] = useState(false);
    const item = currentItem.value?.id ?? '';
    const seconds = secondsAllowed(speakingTimes.value, item, 'everybody');
    const able = may('time.allow');
    return (
        <div class="time-allowed">
            <label class="inline-field">
                <span>{text('timer.allowed')}</span>
                <select
                    class="select select-small"
                    disabled={!able}
                    value={seconds}
                    onChange={(event) =>
                        void act('time.allow', {
                            ...(item === '' ? {} : { item }),
                            kind: 'everybody',
                            seconds: Number(event.currentTarget.value),
                        })
                    }
                >
                    {secondsToChoose(seconds).map((one) => (
                        <option key={one} value={one}>
                            {secondsWords(one)}
                        </option>
                    ))}
                </select>
            </label>
            {able && (
                <button
                    type="button"
                    class="button button-quiet button-icon"
                    aria-haspopup="dialog"
                    aria-label={text('times.title')}
                    title={text('times.title')}
                    onClick={() => setOpen(true)}
                >
                    <Icon name="clock" />
                </button>
            )}
            {open && <TimesDialog onClose={() => setOpen(false)} />}
        </div>
    );
}
