// One's own account: what others read of one, the password, and where one is signed in.

import { useState } from 'preact/hooks';
import { SecondFactor } from '../../areas/SecondFactor.tsx';
import type { OwnAccount as Own, OwnSession } from '../../contract/generated.ts';
import { Question } from '../../elements/Dialog.tsx';
import { Icon } from '../../elements/Icon.tsx';
import { formatDate, text } from '../../i18n/index.ts';
import { signOutEverywhere } from '../../live/actions.ts';
import { session } from '../../state/store.ts';
import { adopt } from '../../styles/adopt.ts';
import { useLoaded } from '../loaded.ts';
import { readOwnAgain } from '../own.ts';
import { Coming, PageHead, ProblemLine, SavingLine, TextField } from '../Parts.tsx';
import { assertUnchanged, useSaving } from '../saving.ts';
import { useUnsaved } from '../unsaved.ts';
import { changeOwnAccount, changePassword, endSession, listSessions, readOwnAccount } from './api.ts';
import styles from './OwnAccount.css?inline';
import { PasswordField } from './PasswordField.tsx';

adopt(styles);

const NAME_MAX = 120;
const ADDRESS_MAX = 254;

export function OwnAccount() {
    const loaded = useLoaded(readOwnAccount, 'own');
    const nobody = loaded.problem?.status === 404;
    return (
        <>
            <PageHead title={text('own.title')} />
            {nobody ? <p>{text('own.no_account')}</p> : <Coming {...loaded} />}
            {loaded.value !== null && (
                <div class="own-forms">
                    <About own={loaded.value} again={loaded.again} />
                    <NewPassword account={loaded.value.account} />
                    {session.value?.token !== undefined && <SecondFactor token={session.value.token} />}
                </div>
            )}
            <Sessions />
        </>
    );
}

function About({ own, again }: { own: Own; again: () => Promise<void> }) {
    const saving = useSaving();
    const [written, setWritten] = useState<{ name: string; address: string } | null>(null);
    const [saved, setSaved] = useState(false);
    const now = { name: own.name, address: own.address ?? '' };
    const { name, address } = written ?? now;
    const dirty = written !== null && JSON.stringify(written) !== JSON.stringify(now);
    useUnsaved('own.about', dirty);
    const write = (more: Partial<typeof now>) => {
        setSaved(false);
        setWritten({ name, address, ...more });
    };
    const save = async (force: boolean) => {
        const done = await saving.run(async () => {
            if (!force) {
                assertUnchanged(own, await readOwnAccount());
            }
            await changeOwnAccount({ name, ...(address === '' ? {} : { address }) });
        });
        if (done) {
            await Promise.all([again(), readOwnAgain()]);
            setWritten(null);
        }
        setSaved(done);
    };
    return (
        <form
            class="card"
            noValidate
            aria-busy={saving.busy}
            aria-labelledby="own-about"
            onSubmit={(event) => {
                event.preventDefault();
                if (!saving.busy) {
                    void save(false);
                }
            }}
        >
            <h2 id="own-about">{text('own.about')}</h2>
            <p class="muted">{text('own.account', { account: own.account })}</p>
            <TextField
                label={text('accounts.name')}
                value={name}
                most={NAME_MAX}
                required
                onInput={(value) => write({ name: value })}
            />
            <TextField
                label={text('accounts.address')}
                value={address}
                most={ADDRESS_MAX}
                type="email"
                ltr
                onInput={(value) => write({ address: value.trim() })}
            />
            <SavingLine saving={saving} onForce={() => void save(true)} />
            <div class="page-keys">
                <button type="submit" class="button button-filled" aria-disabled={saving.busy}>
                    {text('accounts.save')}
                </button>
                <Done done={saved} words={text('own.saved')} />
            </div>
        </form>
    );
}

function Done({ done, words }: { done: boolean; words: string }) {
    return (
        <span role="status" class="own-done">
            {done && (
                <>
                    <Icon name="check" />
                    <span>{words}</span>
                </>
            )}
        </span>
    );
}

function NewPassword({ account }: { account: string }) {
    const saving = useSaving();
    const [before, setBefore] = useState('');
    const [password, setPassword] = useState('');
    const [changed, setChanged] = useState(false);
    const save = async () => {
        const done = await saving.run(() => changePassword({ before, password }));
        if (done) {
            setBefore('');
            setPassword('');
        }
        setChanged(done);
    };
    return (
        <form
            class="card"
            aria-busy={saving.busy}
            aria-labelledby="own-password"
            onSubmit={(event) => {
                event.preventDefault();
                if (!saving.busy) {
                    void save();
                }
            }}
        >
            <h2 id="own-password">{text('own.password_title')}</h2>
            {/* For what keeps passwords: whose this one is. */}
            <input
                class="hidden-text"
                autoComplete="username"
                tabIndex={-1}
                readOnly
                aria-hidden
                value={account}
            />
            <PasswordField
                label={text('own.before')}
                value={before}
                fresh={false}
                onInput={(value) => {
                    setChanged(false);
                    setBefore(value);
                }}
            />
            <PasswordField
                label={text('accounts.password')}
                hint={text('accounts.password_hint')}
                value={password}
                fresh
                onInput={setPassword}
            />
            <ProblemLine problem={saving.problem} />
            <div class="page-keys">
                <button type="submit" class="button button-filled" aria-disabled={saving.busy}>
                    {text('own.change')}
                </button>
                <Done done={changed} words={text('own.changed')} />
            </div>
        </form>
    );
}

function Sessions() {
    const loaded = useLoaded(listSessions, 'sessions');
    const acting = useSaving();
    const [asking, setAsking] = useState(false);
    return (
        <section class="card" aria-labelledby="own-sessions">
            <h2 id="own-sessions">{text('own.sessions')}</h2>
            <div>
                <Coming {...loaded} />
                <ProblemLine problem={acting.problem} />
                <ul class="own-sessions">
                    {loaded.value?.sessions.map((one) => (
                        <SessionLine
                            key={one.id}
                            one={one}
                            onEnd={() => void acting.run(() => endSession(one.id)).then(loaded.again)}
                        />
                    ))}
                </ul>
            </div>
            <div class="page-keys">
                <button type="button" class="button" aria-haspopup="dialog" onClick={() => setAsking(true)}>
                    <Icon name="leave" />
                    <span>{text('own.everywhere')}</span>
                </button>
            </div>
            {asking && (
                <Question
                    title={text('own.everywhere_title')}
                    detail={text('own.everywhere_detail')}
                    confirm={text('own.everywhere')}
                    onConfirm={() => void acting.run(signOutEverywhere)}
                    onClose={() => setAsking(false)}
                />
            )}
        </section>
    );
}

function SessionLine({ one, onEnd }: { one: OwnSession; onEnd: () => void }) {
    const { meeting = '' } = one;
    const where = meeting === '' ? text('own.page') : text('own.in_meeting', { meeting });
    return (
        <li class="own-session">
            <span>
                <strong>{one.current ? text('own.here') : where}</strong>
                <span class="muted small own-until">
                    {text('own.until', { date: formatDate(one.expires_at) })}
                </span>
            </span>
            {!one.current && session.value !== null && (
                <button
                    type="button"
                    class="button button-small"
                    aria-label={text('own.end_of', { where })}
                    onClick={onEnd}
                >
                    {text('own.end')}
                </button>
            )}
        </li>
    );
}
