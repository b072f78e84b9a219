// Opens the dialog of the team of interpreters, for those who arrange it.

import { signal } from '@preact/signals';
import { Icon } from '../elements/Icon.tsx';
import { text } from '../i18n/index.ts';
import { arrangesTeam, TeamDialog } from './TeamDialog.tsx';

const open = signal(false);

export function TeamKey() {
    if (!arrangesTeam()) {
        return null;
    }
    return (
        <>
            <button
                type="button"
                class="button button-small"
                aria-haspopup="dialog"
                onClick={() => {
                    open.value = true;
                }}
            >
                <Icon name="people" size={16} />
                <span>{text('team.title')}</span>
            </button>
            {open.value && (
                <TeamDialog
                    onClose={() => {
                        open.value = false;
                    }}
                />
            )}
        </>
    );
}
