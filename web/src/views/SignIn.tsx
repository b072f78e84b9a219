// Signing in with an account and password, with a code beside it where the account has a second factor, or at the organisation's provider.
// Personal links need no form.

import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { problemWords, reasonWords } from '../areas/refusals.ts';
import { Icon } from '../elements/Icon.tsx';
import { type MessageKey, text } from '../i18n/index.ts';
import { signIn, signingIn } from '../live/actions.ts';
import { type Problem, problemOf } from '../live/problem.ts';
import { askSignInWays, providerAddress, refusedAtProvider, tokenProblem } from '../live/sign_in_ways.ts';
import { route, takeLinkToken } from '../router/router.ts';
import { adopt } from '../styles/adopt.ts';
import { QuietPage } from './Pages.tsx';
import styles from './SignIn.css?inline';

adopt(styles);

// The kinds that mean something else on this form than in a meeting.
const FORM_WORDS: ReadonlyMap<string, MessageKey> = new Map<string, MessageKey>([
    ['unauthenticated', 'sign_in.wrong'],
    ['not-found', 'sign_in.no_meeting'],
    ['forbidden', 'sign_in.not_yours'],
    ['invalid', 'sign_in.not_yours'],
]);

const TRIES_MAX = 4;
const SHORT_WAIT_S = 5;

function isShortWait(problem: Problem): boolean {
    return problem.kind === 'too-many' && problem.waitS > 0 && problem.waitS <= SHORT_WAIT_S;
}

export function SignIn() {
    const where = route.value;
    const wanted = 'meeting' in where ? where.meeting : '';
    return <SignInForm key={wanted} meeting={wanted} />;
}

function SignInForm({ meeting }: { meeting: string }) {
    const id = useId();
    const [account, setAccount] = useState('');
    const [password, setPassword] = useState('');
    const [wanted, setWanted] = useState(meeting);
    const [shown, setShown] = useState(false);
    const [code, setCode] = useState('');
    const [asked, setAsked] = useState(false);
    const [provider, setProvider] = useState('');
    const busy = signingIn.value;
    const [problem, setProblem] = useState<Problem | null>(null);

    useEffect(() => {
        void askSignInWays().then((ways) => setProvider(ways?.oidc.name ?? ''));
        const fragment = route.value.page === 'sign-in' ? takeLinkToken() : '';
        const refusal = refusedAtProvider(fragment);
        if (refusal !== null) {
            setProblem(refusal);
        } else if (fragment !== '') {
            signIn({ token: fragment }).catch((thrown) => setProblem(tokenProblem(thrown)));
        }
    }, []);

    const again = useRef<ReturnType<typeof setTimeout>>(undefined);
    useEffect(() => () => clearTimeout(again.current), []);

    // Told to come again within seconds (many sign in at this moment): the page does it for the person, a few times.
    const submit = async (tries: number) => {
        clearTimeout(again.current);
        setProblem(null);
        try {
            await signIn({
                account: account.trim(),
                password,
                ...(asked && code.trim() !== '' ? { code: code.trim() } : {}),
                ...(wanted.trim() === '' ? {} : { meeting: wanted.trim() }),
            });
        } catch (thrown) {
            const refusal = problemOf(thrown);
            const reason = refusal.refusal?.reason;
            setAsked(asked || reason === 'code_needed');
            setProblem(reason === 'code_needed' && !asked ? null : refusal);
            if (isShortWait(refusal) && tries < TRIES_MAX) {
                again.current = setTimeout(() => void submit(tries + 1), 1000 * refusal.waitS * tries);
            }
        }
    };
    const words = problem === null ? '' : formWords(problem);
    return (
        <QuietPage heading={text('sign_in.title')} lead={text('sign_in.lead')}>
            <form
                class="form"
                aria-busy={busy}
                onSubmit={(event) => {
                    event.preventDefault();
                    void submit(1);
                }}
            >
                <div role="alert">
                    {words !== '' && (
                        <p class="form-problem">
                            <Icon name="warning" />
                            <span>{words}</span>
                        </p>
                    )}
                </div>
                <div class="field">
                    <label for={`${id}-account`}>{text('sign_in.account')}</label>
                    <input
                        id={`${id}-account`}
                        class="input"
                        dir="ltr"
                        name="username"
                        autoComplete="username"
                        autoCapitalize="none"
                        spellcheck={false}
                        required
                        value={account}
                        onInput={(event) => setAccount(event.currentTarget.value)}
                    />
                </div>
                <div class="field">
                    <label for={`${id}-password`}>{text('sign_in.password')}</label>
                    <div class="input-with-key">
                        <input
                            id={`${id}-password`}
                            class="input"
                            dir="ltr"
                            name="password"
                            {...(shown ? { type: 'text' as const } : { type: 'password' as const })}
                            autoComplete="current-password"
                            required
                            value={password}
                            onInput={(event) => setPassword(event.currentTarget.value)}
                        />
                        <button
                            type="button"
                            class="button button-quiet button-icon"
                            aria-pressed={shown}
                            aria-label={text('sign_in.show_password')}
                            onClick={() => setShown(!shown)}
                        >
                            <Icon name="eye" />
                        </button>
                    </div>
                </div>
                {asked && <CodeField code={code} onCode={setCode} />}
                {meeting === '' && (
                    <div class="field">
                        <label for={`${id}-meeting`}>{text('sign_in.meeting')}</label>
                        <input
                            id={`${id}-meeting`}
                            class="input"
                            dir="ltr"
                            name="meeting"
                            autoCapitalize="none"
                            spellcheck={false}
                            aria-describedby={`${id}-meeting-hint`}
                            value={wanted}
                            onInput={(event) => setWanted(event.currentTarget.value)}
                        />
                        <p class="field-hint" id={`${id}-meeting-hint`}>
                            {text('sign_in.meeting_hint')}
                        </p>
                    </div>
                )}
                <button type="submit" class="button button-filled button-large" aria-disabled={busy}>
                    {text(busy ? 'sign_in.busy' : 'sign_in.submit')}
                </button>
            </form>
            {provider !== '' && (
                <div class="page-actions">
                    <a class="button button-large" href={providerAddress(wanted.trim())}>
                        {text('sign_in.at', { name: provider })}
                    </a>
                </div>
            )}
            <p class="muted">{text('sign_in.link_hint')}</p>
        </QuietPage>
    );
}

// Asked for in place, once the password was right; the focus comes to it.
function CodeField({ code, onCode }: { code: string; onCode: (code: string) => void }) {
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
                name="code"
                autoComplete="one-time-code"
                inputMode="numeric"
                spellcheck={false}
                maxLength={31}
                required
                aria-describedby={`${id}-hint`}
                value={code}
                onInput={(event) => onCode(event.currentTarget.value)}
            />
            <p class="field-hint" id={`${id}-hint`}>
                {text('sign_in.code_hint')}
            </p>
        </div>
    );
}

function formWords(problem: Problem): string {
    if (problem.kind === 'too-many') {
        return text(isShortWait(problem) ? 'sign_in.crowd' : 'sign_in.too_many');
    }
    const why = reasonWords(problem);
    const key = why === null ? FORM_WORDS.get(problem.kind) : undefined;
    return why ?? (key !== undefined ? text(key) : problemWords(problem));
}
