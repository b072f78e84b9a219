// An account, new or as it is: whose it is and what they may do.

import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { HouseAccount } from '../../contract/generated.ts';
import { text } from '../../i18n/index.ts';
import { adopt } from '../../styles/adopt.ts';
import { FormDialog, TextField } from '../Parts.tsx';
import { assertUnchanged } from '../saving.ts';
import styles from './AccountForm.css?inline';
import { sameName } from './account_name.ts';
import { addAccount, changeAccount, readAccount } from './api.ts';

adopt(styles);

const ACCOUNT_MAX = 63;
const NAME_MAX = 120;
const ADDRESS_MAX = 254;

interface Draft {
    account: string;
    name: string;
    address: string;
    administrator: boolean;
    secretariat: boolean;
    disabled: boolean;
}

const EMPTY: Draft = {
    account: '',
    name: '',
    address: '',
    administrator: false,
    secretariat: false,
    disabled: false,
};

function draftOf(account: HouseAccount | null): Draft {
    if (account === null) {
        return EMPTY;
    }
    const { name, address = '', administrator, secretariat, disabled } = account;
    return { account: account.account, name, address, administrator, secretariat, disabled };
}

interface FormProps {
    /** null: a new one. */
    account: HouseAccount | null;
    onSaved: (account: HouseAccount) => Promise<void>;
    onClose: () => void;
}

export function AccountForm({ account, onSaved, onClose }: FormProps) {
    const [before] = useState(() => draftOf(account));
    const [draft, setDraft] = useState(before);
    const change = (more: Partial<Draft>) => setDraft({ ...draft, ...more });
    const save = async (force: boolean) => {
        if (account !== null && !force) {
            assertUnchanged(before, draftOf(await readAccount(account.account)));
        }
        await onSaved(await written(account, draft));
    };
    return (
        <FormDialog
            title={account === null ? text('accounts.new') : text('accounts.edit', { name: account.name })}
            submit={text(account === null ? 'accounts.add' : 'accounts.save')}
            dirty={JSON.stringify(draft) !== JSON.stringify(before)}
            onSave={save}
            onClose={onClose}
        >
            <TextField
                label={text('accounts.name')}
                value={draft.name}
                most={NAME_MAX}
                required
                onInput={(name) => change(account === null ? sameName(draft, name) : { name })}
            />
            {account === null && (
                <TextField
                    label={text('accounts.account')}
                    hint={text('accounts.account_hint')}
                    value={draft.account}
                    most={ACCOUNT_MAX}
                    ltr
                    required
                    onInput={(value) => change({ account: value.trim().toLowerCase() })}
                />
            )}
            <TextField
                label={text('accounts.address')}
                value={draft.address}
                most={ADDRESS_MAX}
                type="email"
                ltr
                onInput={(address) => change({ address: address.trim() })}
            />
            <fieldset class="account-ticks">
                <legend>{text('accounts.roles')}</legend>
                <Tick
                    label={text('accounts.role_secretariat')}
                    hint={text('accounts.role_secretariat_hint')}
                    on={draft.secretariat}
                    onChange={(secretariat) => change({ secretariat })}
                />
                <Tick
                    label={text('accounts.role_administrator')}
                    hint={text('accounts.role_administrator_hint')}
                    on={draft.administrator}
                    onChange={(administrator) => change({ administrator })}
                />
                {account !== null && (
                    <Tick
                        label={text('accounts.disabled')}
                        hint={text('accounts.disabled_hint')}
                        on={draft.disabled}
                        onChange={(disabled) => change({ disabled })}
                    />
                )}
            </fieldset>
        </FormDialog>
    );
}

function written(account: HouseAccount | null, draft: Draft): Promise<HouseAccount> {
    const { address, disabled, ...wish } = draft;
    const whole = { ...wish, ...(address === '' ? {} : { address }) };
    if (account === null) {
        return addAccount(whole);
    }
    const { account: name, ...changed } = whole;
    return changeAccount(name, { ...changed, disabled });
}

interface TickProps {
    label: ComponentChildren;
    hint: string;
    on: boolean;
    onChange: (on: boolean) => void;
}

function Tick({ label, hint, on, onChange }: TickProps) {
    const id = useId();
    return (
        <div class="account-tick">
            <label class="tick">
                <input
                    type="checkbox"
                    checked={on}
                    aria-describedby={id}
                    onChange={(event) => onChange(event.currentTarget.checked)}
                />
                <span>{label}</span>
            </label>
            <p class="account-tick-hint" id={id}>
                {hint}
            </p>
        </div>
    );
}
