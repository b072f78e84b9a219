// What keeps one's own device from working, on the notice line, with the keys to try again or to take another one.
import type { ComponentChildren } from 'preact';
import { text } from '../i18n/index.ts';
import { CloseKey } from './CloseKey.tsx';
import { Icon } from './Icon.tsx';

// So many others stand on the notice; all are in the menu.
const OTHERS_MAX = 4;

interface Device {
    id: string;
    // Empty until the browser tells it.
    label: string;
}

interface TroubleProps {
    kind: 'microphone' | 'camera';
    /** The browser's question is open: there is nothing to press here. */
    asking: boolean;
    all: readonly Device[];
    /** The id of the one that makes the trouble. */
    used: string;
    onAgain: () => Promise<void>;
    onTake: (id: string) => Promise<void>;
    onClose: () => void;
    children: ComponentChildren;
}

export function DeviceTrouble(props: TroubleProps) {
    const { all, used } = props;
    const others = all.filter((one) => one.id !== used).slice(0, OTHERS_MAX);
    return (
        <div class="notice notice-device" data-testid={`${props.kind}-trouble`}>
            <Icon name={`${props.kind}_off`} />
            <p>{props.children}</p>
            {!props.asking && (
                <div class="notice-keys">
                    <NoticeKey words={text('devices.again')} onPress={props.onAgain} filled />
                    {others.map((one) => (
                        <NoticeKey
                            key={one.id}
                            words={one.label || text('devices.unnamed', { number: 1 + all.indexOf(one) })}
                            onPress={() => props.onTake(one.id)}
                        />
                    ))}
                </div>
            )}
            <CloseKey onPress={props.onClose} />
        </div>
    );
}

export function NoticeKey(props: { words: string; onPress: () => Promise<void>; filled?: boolean }) {
    return (
        <button
            type="button"
            class={`button button-small${props.filled ? ' button-filled' : ''}`}
            onClick={() => void props.onPress()}
        >
            <bdi>{props.words}</bdi>
        </button>
    );
}
