// An interpreter's own recordings in a rehearsal: begin, end, hear both sides again, keep or delete. Nothing leaves this page.

import { effect, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { say } from '../areas/act.ts';
import { clockNow } from '../areas/clock.ts';
import { useStake } from '../areas/leaving.ts';
import { Dialog } from '../elements/Dialog.tsx';
import { minutesAndSeconds } from '../elements/duration.ts';
import { Icon } from '../elements/Icon.tsx';
import { formatTime, text } from '../i18n/index.ts';
import {
    deleteTake,
    markTake,
    mixTake,
    recordingSince,
    startTake,
    stopTake,
    type Take,
    takes,
} from '../media/takes.ts';
import { iAmOnTheAir, meeting } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './TakesCard.css?inline';

adopt(styles);

// In a rehearsal alone: nobody records a meeting from a desk.
export function toggleTake(): void {
    if (meeting.value?.rehearsal !== true) {
        return;
    }
    if (recordingSince.value !== 0) {
        stopTake();
    } else if (!startTake()) {
        say('training.no_recorder');
    } else {
        markTake(iAmOnTheAir.value);
    }
}

export function TakesCard() {
    const heard = useSignal<Take | null>(null);
    const since = recordingSince.value;
    useStake('takes', since !== 0 || takes.value.length > 0);
    useEffect(() => {
        const mark = effect(() => markTake(iAmOnTheAir.value));
        return () => {
            mark();
            stopTake();
        };
    }, []);
    return (
        <section class="card takes" aria-labelledby="takes-heading">
            <header class="section-head">
                <h2 id="takes-heading">{text('training.takes')}</h2>
                <button
                    type="button"
                    class={`button button-small take-key${since === 0 ? '' : ' is-on'}`}
                    aria-pressed={since !== 0}
                    onClick={toggleTake}
                >
                    <Icon name="record" size={18} />
                    <span>
                        {since === 0
                            ? text('training.record')
                            : text('training.stop', { time: minutesAndSeconds(clockNow() - since) })}
                    </span>
                    <span class="kbd" aria-hidden="true">
                        −
                    </span>
                </button>
            </header>
            {takes.value.length === 0 ? (
                <p class="small muted">{text('training.takes_none')}</p>
            ) : (
                <ol class="take-list">
                    {takes.value.map((one) => (
                        <li key={one.id}>
                            <button
                                type="button"
                                class="document-key"
                                onClick={() => {
                                    heard.value = one;
                                }}
                            >
                                <Icon name="play" size={18} />
                                <span>{takeName(one)}</span>
                            </button>
                        </li>
                    ))}
                </ol>
            )}
            {heard.value !== null && (
                <TakeDialog
                    take={heard.value}
                    onClose={() => {
                        heard.value = null;
                    }}
                />
            )}
        </section>
    );
}

function takeName(take: Take): string {
    return text('training.take', {
        time: formatTime(take.begun),
        length: minutesAndSeconds(take.seconds * 1000),
    });
}

function TakeDialog({ take, onClose }: { take: Take; onClose: () => void }) {
    const player = useRef<HTMLAudioElement>(null);
    const mixer = useRef<ReturnType<typeof mixTake> | null>(null);
    const address = useSignal('');
    useEffect(() => {
        const made = URL.createObjectURL(take.recording);
        address.value = made;
        if (player.current !== null) {
            mixer.current = mixTake(player.current);
        }
        return () => {
            mixer.current?.end();
            URL.revokeObjectURL(made);
        };
    }, []);
    return (
        <Dialog title={takeName(take)} onClose={onClose}>
            {/* biome-ignore lint/a11y/useMediaCaption: one's own voice of a moment ago. */}
            <audio class="take-player" ref={player} controls src={address.value || undefined} />
            <Side
                words={text('training.original')}
                onChange={(gain) => mixer.current?.setGain('heard', gain)}
            />
            <Side words={text('training.own')} onChange={(gain) => mixer.current?.setGain('own', gain)} />
            {take.marks.length > 0 && (
                <ol class="take-marks" aria-label={text('training.marks')}>
                    {take.marks.map((mark) => (
                        <li key={mark.at}>
                            <button
                                type="button"
                                class="button button-small"
                                onClick={() => {
                                    if (player.current !== null) {
                                        player.current.currentTime = mark.at;
                                    }
                                }}
                            >
                                {text(mark.onAir ? 'training.mark_on' : 'training.mark_off', {
                                    time: minutesAndSeconds(mark.at * 1000),
                                })}
                            </button>
                        </li>
                    ))}
                </ol>
            )}
            <div class="dialog-actions">
                <button
                    type="button"
                    class="button"
                    onClick={() => {
                        deleteTake(take.id);
                        onClose();
                    }}
                >
                    {text('training.delete')}
                </button>
                <a
                    class="button button-filled"
                    href={address.value}
                    download={`${meeting.value?.id ?? 'take'}-${take.id}.${take.recording.type.split('/').at(-1)}`}
                >
                    {text('documents.save')}
                </a>
            </div>
        </Dialog>
    );
}

function Side({ words, onChange }: { words: string; onChange: (gain: number) => void }) {
    return (
        <label class="slider-field">
            <span>{words}</span>
            <input
                class="slider"
                type="range"
                min="0"
                max="150"
                step="5"
                defaultValue="100"
                onInput={(event) => onChange(event.currentTarget.valueAsNumber / 100)}
            />
        </label>
    );
}
