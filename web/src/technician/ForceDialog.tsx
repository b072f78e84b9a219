// Routing by hand: asks why before it is done; the record keeps the reason.

import { useState } from 'preact/hooks';
import { Dialog } from '../elements/Dialog.tsx';
import { TEXT_MOST } from '../elements/text_most.ts';
import { fits, WordsCount } from '../elements/WordsCount.tsx';
import { languageName, text } from '../i18n/index.ts';
import type { Spoken } from '../state/desk.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './ForceDialog.css?inline';
import { actOnChannel } from './last_act.ts';

adopt(styles);

export interface Forcing {
    channel: Spoken;
    // Empty: silence.
    participant: string;
    name: string;
}

export function ForceDialog({ forcing, onClose }: { forcing: Forcing; onClose: () => void }) {
    const [reason, setReason] = useState('');
    const { channel, participant, name } = forcing;
    return (
        <Dialog
            title={text('technician.force_title', { channel: languageName(channel) })}
            onClose={onClose}
            kind="question"
        >
            <form
                class="force-form"
                onSubmit={(event) => {
                    event.preventDefault();
                    void actOnChannel({
                        name: 'channel.force',
                        data: {
                            channel,
                            ...(participant === '' ? {} : { participant }),
                            reason: reason.trim(),
                        },
                    });
                    onClose();
                }}
            >
                <p>{text('technician.force_detail', { channel: languageName(channel), source: name })}</p>
                <label class="field">
                    <span>{text('technician.reason')}</span>
                    <input
                        class="input"
                        type="text"
                        required
                        autoFocus
                        dir="auto"
                        value={reason}
                        onInput={(event) => setReason(event.currentTarget.value)}
                    />
                    <WordsCount words={reason} most={TEXT_MOST.reason} />
                </label>
                <div class="dialog-actions">
                    <button type="button" class="button" onClick={onClose}>
                        {text('action.cancel')}
                    </button>
                    <button
                        type="submit"
                        class="button button-filled"
                        disabled={reason.trim() === '' || !fits(reason, TEXT_MOST.reason)}
                    >
                        {text('technician.force')}
                    </button>
                </div>
            </form>
        </Dialog>
    );
}
