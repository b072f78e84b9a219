// The last thing done to a channel, and the key that takes it back. The line keeps its place while there is nothing.

import { Icon } from '../elements/Icon.tsx';
import { text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { lastAct, undoLastAct } from './last_act.ts';
import { channelName, personName } from './names.ts';
import styles from './UndoLine.css?inline';
import type { ChannelAct } from './undo.ts';

adopt(styles);

function done({ name, data }: ChannelAct): string {
    const channel = channelName(data.channel);
    switch (name) {
        case 'channel.force':
            return data.participant === undefined
                ? text('technician.did_silence', { channel })
                : text('technician.did_force', { channel, source: personName(data.participant) });
        case 'channel.release':
            return text('technician.did_release', { channel });
        case 'channel.auto_floor':
            return text(data.on ? 'technician.did_auto_on' : 'technician.did_auto_off', { channel });
        case 'channel.delay':
            return text('technician.did_delay', { channel, delay: data.delay_ms });
    }
}

export function UndoLine() {
    const last = lastAct.value;
    return (
        <div class="undo-line" role="status">
            {last !== null && (
                <>
                    <span class="undo-words">{done(last.made)}</span>
                    <button
                        type="button"
                        class="button button-small undo-key"
                        onClick={() => void undoLastAct()}
                    >
                        <Icon name="undo" size={16} />
                        <span>{text('technician.undo')}</span>
                    </button>
                </>
            )}
        </div>
    );
}
