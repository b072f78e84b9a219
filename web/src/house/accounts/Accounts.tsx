// For administrators: who has an account, what they may do, and the link by which they set their password.

import { useState } from 'preact/hooks';
import type { HouseAccount } from '../../contract/generated.ts';
import { Question } from '../../elements/Dialog.tsx';
import { text } from '../../i18n/index.ts';
import { session } from '../../state/store.ts';
import { adopt } from '../../styles/adopt.ts';
import { type Loaded, useLoaded } from '../loaded.ts';
import {
    AddKey,
    Coming,
    IconKey,
    type MarkTone,
    PageHead,
    Pager,
    ProblemLine,
    SearchField,
    StateMark,
    type Trail,
} from '../Parts.tsx';
import { type Saving, useSaving } from '../saving.ts';
import { AccountForm } from './AccountForm.tsx';
import styles from './Accounts.css?inline';
import { listAccounts, makeAccountLink, removeAccount } from './api.ts';
import { LinkDialog } from './LinkDialog.tsx';

adopt(styles);

// What stands over the list.
type Over =
    | { kind: 'form'; account: HouseAccount | null }
    | { kind: 'again' | 'remove'; account: HouseAccount }
    | null;

export function Accounts() {
    const [q, setQ] = useState('');
    const [trail, setTrail] = useState<Trail>([]);
    const after = trail.at(-1) ?? '';
    const found = useLoaded(() => listAccounts(q, after), `${q}/${after}`);
    const [total, setTotal] = useState(0);
    const [over, setOver] = useState<Over>(null);
    // With its link, which is shown once, when nothing else stands over the list.
    const [made, setMade] = useState<HouseAccount | null>(null);
    const acting = useSaving();
    const list = found.value?.accounts ?? [];
    // It is said with the first page.
    const said = after === '' ? (found.value?.total ?? list.length) : total;
    if (said !== total) {
        setTotal(said);
    }
    return (
        <>
            <PageHead title={text('accounts.title')}>
                <AddKey
                    words={text('accounts.new')}
                    onPress={() => setOver({ kind: 'form', account: null })}
                />
            </PageHead>
            <p class="muted">{text('accounts.lead')}</p>
            <section class="card" aria-label={text('accounts.title')}>
                <div class="section-head">
                    <SearchField
                        label={text('accounts.search')}
                        onSearch={(words) => {
                            setTrail([]);
                            setQ(words);
                        }}
                    />
                    <span role="status" class="muted">
                        {found.value !== null &&
                            (list.length === 0
                                ? text('accounts.none_found')
                                : text('accounts.count', { count: said }))}
                    </span>
                </div>
                <div>
                    <Coming {...found} />
                    <ProblemLine problem={acting.problem} />
                    <ul class="accounts">
                        {list.map((account) => (
                            <AccountLine key={account.account} account={account} onOver={setOver} />
                        ))}
                    </ul>
                </div>
                <Pager trail={trail} next={found.value?.next} onGo={setTrail} />
            </section>
            <OverTheList over={over} onOver={setOver} onMade={setMade} acting={acting} found={found} />
            {over === null && made !== null && <LinkDialog account={made} onClose={() => setMade(null)} />}
        </>
    );
}

interface LineProps {
    account: HouseAccount;
    onOver: (over: Over) => void;
}

function AccountLine({ account, onOver }: LineProps) {
    const { name } = account;
    return (
        <li class="account">
            <span class="account-who">
                <bdi class="account-name">{name}</bdi>
                <span class="muted small">
                    <bdi dir="ltr">{account.account}</bdi>
                    {account.address !== undefined && (
                        <>
                            {' · '}
                            <bdi dir="ltr">{account.address}</bdi>
                        </>
                    )}
                </span>
            </span>
            <span class="account-roles">{roleWords(account).join(' · ')}</span>
            <span class="account-state">
                <AccountState account={account} />
            </span>
            <span class="account-keys">
                <IconKey
                    icon="link"
                    label={text('accounts.link', { name })}
                    disabled={account.disabled}
                    onPress={() => onOver({ kind: 'again', account })}
                />
                <IconKey
                    icon="edit"
                    label={text('accounts.edit', { name })}
                    onPress={() => onOver({ kind: 'form', account })}
                />
                <IconKey
                    icon="bin"
                    label={text('accounts.remove', { name })}
                    disabled={isOwn(account)}
                    onPress={() => onOver({ kind: 'remove', account })}
                />
            </span>
        </li>
    );
}

export function isOwn({ account }: HouseAccount): boolean {
    return session.value?.account === account;
}

function roleWords(account: HouseAccount): string[] {
    const roles = [
        account.administrator ? text('accounts.role_administrator') : '',
        account.secretariat ? text('accounts.role_secretariat') : '',
    ].filter((words) => words !== '');
    const all = roles.length > 0 ? roles : [text('accounts.no_role')];
    return isOwn(account) ? [...all, text('accounts.you')] : all;
}

function AccountState({ account: { disabled, password, link } }: { account: HouseAccount }) {
    let tone: MarkTone = 'good';
    let words = text('accounts.active');
    if (disabled) {
        tone = 'plain';
        words = text('accounts.disabled');
    } else if (link === 'good') {
        tone = 'plain';
        words = text('accounts.waiting');
    } else if (!password) {
        tone = 'warn';
        words = text('accounts.unlinked');
    }
    return <StateMark tone={tone} words={words} />;
}

interface OverProps {
    over: Over;
    onOver: (over: Over) => void;
    onMade: (account: HouseAccount) => void;
    acting: Saving;
    found: Loaded<unknown>;
}

function OverTheList({ over, onOver, onMade, acting, found }: OverProps) {
    const close = () => onOver(null);
    if (over === null) {
        return null;
    }
    if (over.kind === 'form') {
        return (
            <AccountForm
                account={over.account}
                onClose={close}
                onSaved={async (saved) => {
                    if (over.account === null) {
                        onMade(saved);
                    }
                    await found.again();
                }}
            />
        );
    }
    const { account } = over;
    const { name } = account;
    if (over.kind === 'remove') {
        return (
            <Question
                title={text('accounts.remove_title', { name })}
                detail={text('accounts.remove_detail', { account: account.account })}
                confirm={text('accounts.remove_confirm')}
                onConfirm={() =>
                    void acting.run(() => removeAccount(account.account)).then(() => found.again())
                }
                onClose={close}
            />
        );
    }
    return (
        <Question
            title={text('accounts.link', { name })}
            detail={text('accounts.link_detail')}
            confirm={text('accounts.link_confirm')}
            onConfirm={() =>
                void acting.run(async () => {
                    onMade(await makeAccountLink(account.account));
                    await found.again();
                })
            }
            onClose={close}
        />
    );
}
