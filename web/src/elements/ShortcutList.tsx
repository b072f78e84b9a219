// The keys of the page, on "?".

import { text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { Dialog } from './Dialog.tsx';
import { Icon } from './Icon.tsx';
import styles from './ShortcutList.css?inline';
import { activeShortcuts, setShortcutsEnabled, shortcutListOpen, shortcutsEnabled } from './shortcuts.ts';

adopt(styles);

export function ShortcutList() {
    if (!shortcutListOpen.value) {
        return null;
    }
    return (
        <Dialog
            title={text('shortcuts.title')}
            onClose={() => {
                shortcutListOpen.value = false;
            }}
        >
            <dl class="shortcut-list">
                {activeShortcuts.value.map((shortcut) => (
                    <div key={shortcut.legend} class="shortcut-line">
                        <dt>
                            {shortcut.legend.split(' ').map((key) => (
                                <kbd key={key}>{key === 'Space' ? text('shortcuts.space') : key}</kbd>
                            ))}
                        </dt>
                        <dd>{text(shortcut.words)}</dd>
                    </div>
                ))}
            </dl>
            <label class="tick">
                <input
                    type="checkbox"
                    checked={shortcutsEnabled.value}
                    onChange={(event) => setShortcutsEnabled(event.currentTarget.checked)}
                />
                <span>{text('shortcuts.enabled')}</span>
            </label>
            {activeShortcuts.value.some((one) => one.group !== undefined) && (
                <button type="button" class="button" onClick={() => window.print()}>
                    <Icon name="print" />
                    <span>{text('keymap.print')}</span>
                </button>
            )}
        </Dialog>
    );
}
