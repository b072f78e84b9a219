// A field for a password, with the key that shows it.

import { useId, useState } from 'preact/hooks';
import { Icon } from '../../elements/Icon.tsx';
import { text } from '../../i18n/index.ts';
import { adopt } from '../../styles/adopt.ts';
import styles from './PasswordField.css?inline';

adopt(styles);

interface PasswordFieldProps {
    label: string;
    value: string;
    onInput: (value: string) => void;
    /** A new one: password keepers offer to make it. */
    fresh: boolean;
    hint?: string;
}

export function PasswordField({ label, value, onInput, fresh, hint }: PasswordFieldProps) {
    const id = useId();
    const [shown, setShown] = useState(false);
    return (
        <div class="field">
            <label for={id}>{label}</label>
            <div class="password-field">
                <input
                    id={id}
                    class="input"
                    dir="ltr"
                    {...(shown ? { type: 'text' as const } : { type: 'password' as const })}
                    autoComplete={fresh ? 'new-password' : 'current-password'}
                    autoCapitalize="none"
                    spellcheck={false}
                    required
                    aria-describedby={hint === undefined ? undefined : `${id}-hint`}
                    value={value}
                    onInput={(event) => onInput(event.currentTarget.value)}
                />
                <button
                    type="button"
                    class="button button-quiet button-icon"
                    aria-pressed={shown}
                    aria-label={text('accounts.show_password')}
                    onClick={() => setShown(!shown)}
                >
                    <Icon name="eye" />
                </button>
            </div>
            {hint !== undefined && (
                <p class="password-hint" id={`${id}-hint`}>
                    {hint}
                </p>
            )}
        </div>
    );
}
