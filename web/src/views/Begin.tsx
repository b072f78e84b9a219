// By the link of an account: its holder chooses name and password, and is in. The first link of a server makes its first account.

import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { problemWords, reasonWords } from '../areas/refusals.ts';
import type { AccountLinkOffer } from '../contract/generated.ts';
import { Icon } from '../elements/Icon.tsx';
import { PasswordField } from '../house/accounts/PasswordField.tsx';
import { formatDate, text } from '../i18n/index.ts';
import { adopt as adoptSession } from '../live/actions.ts';
import { type Problem, problemOf } from '../live/problem.ts';
import { rememberDevice } from '../live/session.ts';
import { base } from '../router/base.ts';
import { navigate, takeLinkToken } from '../router/router.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './Begin.css?inline';
import { lookAtLink, takeLink } from './begin_link.ts';
import { QuietPage } from './Pages.tsx';

adopt(styles);

const ACCOUNT_MAX = 63;
const NAME_MAX = 120;
const CODE_MAX = 31;
// What says that the link itself opens nothing; all else may be tried again.
const OF_THE_LINK: readonly string[] = ['not-found', 'conflict'];

// Taken once: it stands in the address no more.
let token = '';

export function Begin() {
    const [offer, setOffer] = useState<AccountLinkOffer | null>(null);
    const [problem, setProblem] = useState<Problem | null>(null);
    const look = async () => {
        setProblem(null);
        try {
            setOffer(await lookAtLink(token));
        } catch (thrown) {
            setProblem(problemOf(thrown));
        }
    };
    useEffect(() => {
        const take = () => {
            token = takeLinkToken() || token;
            if (token !== '') {
                void look();
            }
        };
        take();
        // A link that is put into the address of this very page loads nothing.
        window.addEventListener('hashchange', take);
        return () => window.removeEventListener('hashchange', take);
    }, []);
    if (offer !== null) {
        return <BeginForm offer={offer} />;
    }
    return <NoForm problem={problem} onAgain={() => void look()} />;
}

function NoForm({ problem, onAgain }: { problem: Problem | null; onAgain: () => void }) {
    const opens = problem === null || !OF_THE_LINK.includes(problem.kind);
    if (token !== '' && problem === null) {
        return (
            <QuietPage heading={text('begin.title')}>
                <p role="status">{text('begin.looking')}</p>
            </QuietPage>
        );
    }
    return (
        <QuietPage heading={text(opens ? 'begin.title' : 'begin.refused')}>
            <p role="alert">{problem === null ? text('begin.no_link') : linkWords(problem)}</p>
            <div class="page-actions">
                {problem !== null && opens && (
                    <button type="button" class="button button-filled" onClick={onAgain}>
                        {text('coming.again')}
                    </button>
                )}
                <a class="button" href={`${base}/sign-in`}>
                    {text('begin.sign_in')}
                </a>
            </div>
        </QuietPage>
    );
}

// Why it is not taken is all there is to say: nothing was wished for yet.
function linkWords(problem: Problem): string {
    return reasonWords(problem) ?? problemWords(problem);
}

interface AccountFieldProps {
    value: string;
    /** It has its name already; what keeps passwords reads it here. */
    fixed: boolean;
    onInput: (value: string) => void;
}

function AccountField({ value, fixed, onInput }: AccountFieldProps) {
    const id = useId();
    return (
        <div class="field">
            <label for={id}>{text('accounts.account')}</label>
            <input
                id={id}
                class="input"
                dir="ltr"
                name="username"
                autoComplete="username"
                autoCapitalize="none"
                spellcheck={false}
                required
                readOnly={fixed}
                maxLength={ACCOUNT_MAX}
                aria-describedby={fixed ? undefined : `${id}-hint`}
                value={value}
                onInput={(event) => onInput(event.currentTarget.value)}
            />
            {!fixed && (
                <p class="begin-hint" id={`${id}-hint`}>
                    {text('accounts.account_hint')}
                </p>
            )}
        </div>
    );
}

function NameField({ value, onInput }: Pick<AccountFieldProps, 'value' | 'onInput'>) {
    const id = useId();
    return (
        <div class="field">
            <label for={id}>{text('begin.name')}</label>
            <input
                id={id}
                class="input"
                dir="auto"
                autoComplete="name"
                required
                maxLength={NAME_MAX}
                aria-describedby={`${id}-hint`}
                value={value}
                onInput={(event) => onInput(event.currentTarget.value)}
            />
            <p class="begin-hint" id={`${id}-hint`}>
                {text('begin.name_hint')}
            </p>
        </div>
    );
}

function CodeField({ value, onInput }: Pick<AccountFieldProps, 'value' | 'onInput'>) {
    const id = useId();
    const field = useRef<HTMLInputElement>(null);
    useEffect(() => field.current?.focus(), []);
    return (
        <div class="field">
            <label for={id}>{text('sign_in.code')}</label>
            <input
                ref={field}
                id={id}
                class="input"
                dir="ltr"
                autoComplete="one-time-code"
                inputMode="numeric"
                spellcheck={false}
                maxLength={CODE_MAX}
                required
                aria-describedby={`${id}-hint`}
                value={value}
                onInput={(event) => onInput(event.currentTarget.value)}
            />
            <p class="begin-hint" id={`${id}-hint`}>
                {text('sign_in.code_hint')}
            </p>
        </div>
    );
}

function BeginForm({ offer }: { offer: AccountLinkOffer }) {
    const [account, setAccount] = useState(offer.account ?? '');
    const [name, setName] = useState(offer.name ?? '');
    const [password, setPassword] = useState('');
    // Of a second factor: asked for in place, once it is known that there is one.
    const [code, setCode] = useState('');
    const [asked, setAsked] = useState(false);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<Problem | null>(null);
    const { first } = offer;
    const submit = async () => {
        setBusy(true);
        setProblem(null);
        try {
            const wish = {
                token,
                name: name.trim(),
                password,
                ...(first ? { account } : {}),
                ...(code.trim() === '' ? {} : { code: code.trim() }),
            };
            const session = await takeLink(wish);
            token = '';
            rememberDevice(session);
            adoptSession(session);
            navigate('/house');
        } catch (thrown) {
            const refused = problemOf(thrown);
            const needed = refused.refusal?.reason === 'code_needed';
            setAsked(asked || needed);
            setProblem(needed && !asked ? null : refused);
            setBusy(false);
        }
    };
    const date = formatDate(offer.expires_at);
    return (
        <QuietPage
            heading={text(first ? 'begin.title_first' : 'begin.title')}
            lead={first ? text('begin.lead_first', { date }) : text('begin.lead', { account, date })}
        >
            <form
                class="begin-form"
                aria-busy={busy}
                onSubmit={(event) => {
                    event.preventDefault();
                    if (!busy) {
                        void submit();
                    }
                }}
            >
                <div role="alert">
                    {problem !== null && (
                        <p class="form-problem">
                            <Icon name="warning" />
                            <span>{linkWords(problem)}</span>
                        </p>
                    )}
                </div>
                <AccountField
                    value={account}
                    fixed={!first}
                    onInput={(value) => setAccount(value.trim().toLowerCase())}
                />
                <NameField value={name} onInput={setName} />
                <PasswordField
                    label={text('accounts.password')}
                    hint={text('accounts.password_hint')}
                    value={password}
                    fresh
                    onInput={setPassword}
                />
                {asked && <CodeField value={code} onInput={setCode} />}
                <button type="submit" class="button button-filled button-large" aria-disabled={busy}>
                    {text(busy ? 'begin.busy' : first ? 'begin.submit_first' : 'begin.submit')}
                </button>
            </form>
        </QuietPage>
    );
}
