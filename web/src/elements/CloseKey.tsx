// The key that closes what it stands on.

import { text } from '../i18n/index.ts';
import { Icon } from './Icon.tsx';

export function CloseKey({ onPress, class: more = '' }: { onPress: () => void; class?: string }) {
    return (
        <button
            type="button"
            class={`button button-quiet button-icon ${more}`}
            aria-label={text('action.close')}
            onClick={onPress}
        >
            <Icon name="close" />
        </button>
    );
}
