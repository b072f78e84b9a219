// The language that is heard while one's own is not served: chosen by the person, and told while it is so.

import { useId } from 'preact/hooks';
import { CHANNEL_ID_VALUES, type ChannelId } from '../contract/generated.ts';
import { Icon } from '../elements/Icon.tsx';
import { languageName, text } from '../i18n/index.ts';
import { fallback, heardNow, listening, setFallback } from '../state/listening.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './Fallback.css?inline';

adopt(styles);

function channelName(id: ChannelId): string {
    return id === 'floor' ? text('channel.floor_name') : languageName(id);
}

export function FallbackChoice() {
    const id = useId();
    return (
        <div class="device">
            <label class="device-label" for={id}>
                <Icon name="interpreted" />
                <span>{text('fallback.label')}</span>
            </label>
            <select
                id={id}
                class="select"
                value={fallback.value}
                onChange={(event) => setFallback(event.currentTarget.value as ChannelId | 'none')}
            >
                <option value="none">{text('fallback.none')}</option>
                {CHANNEL_ID_VALUES.map((channel) => (
                    <option key={channel} value={channel}>
                        {channelName(channel)}
                    </option>
                ))}
            </select>
        </div>
    );
}

export function FallbackLine() {
    return (
        <p class="fallback-line" role="status" data-testid="fallback">
            {heardNow.value !== listening.value &&
                text('fallback.now', {
                    own: channelName(listening.value),
                    heard: channelName(heardNow.value),
                })}
        </p>
    );
}
