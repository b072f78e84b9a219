// The second factor of one's account: put on with an authenticator, its recovery codes shown once to print, taken away by a code.

import type { ComponentChildren } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import type {
    RecoveryCodes,
    SecondFactorSecret,
    SecondFactor as SecondFactorState,
} from '../contract/generated.ts';
import { Icon } from '../elements/Icon.tsx';
import { bringWords, formatNumber, text } from '../i18n/index.ts';
import { type Problem, problemOf } from '../live/problem.ts';
import {
    beginSecondFactor,
    confirmSecondFactor,
    readSecondFactor,
    removeSecondFactor,
} from '../live/second_factor.ts';
import { adopt } from '../styles/adopt.ts';
import { problemWords } from './refusals.ts';
import styles from './SecondFactor.css?inline';

adopt(styles);

/** Of the account whose session this token is. Nothing where there can be none. */
export function SecondFactor({ token }: { token: string }) {
    const id = useId();
    const [state, setState] = useState<SecondFactorState | null>(null);
    const [secret, setSecret] = useState<SecondFactorSecret | null>(null);
    const [codes, setCodes] = useState<RecoveryCodes | null>(null);
    const [problem, setProblem] = useState<Problem | null>(null);
    const [busy, setBusy] = useState(false);

    const doing = async (work: () => Promise<void>) => {
        if (busy) {
            return;
        }
        setBusy(true);
        setProblem(null);
        try {
            await work();
        } catch (thrown) {
            await bringWords(['outside']).catch(() => {}); // why it is refused
            setProblem(problemOf(thrown));
        }
        setBusy(false);
    };
    const read = async () => setState(await readSecondFactor(token));
    useEffect(() => void doing(read), [token]);

    if (state === null || (!state.possible && !state.on)) {
        return null;
    }
    const begin = () => doing(async () => setSecret(await beginSecondFactor(token)));
    const confirm = (code: string) =>
        doing(async () => {
            setCodes(await confirmSecondFactor(token, code));
            setSecret(null);
            await read();
        });
    const remove = (code: string) =>
        doing(async () => {
            await removeSecondFactor(token, code);
            await read();
        });
    return (
        <section class="card second-factor" aria-labelledby={id} aria-busy={busy}>
            <h2 id={id}>{text('second_factor.title')}</h2>
            <div role="alert">
                {problem !== null && (
                    <p class="form-problem">
                        <Icon name="warning" />
                        <span>{problemWords(problem)}</span>
                    </p>
                )}
            </div>
            {codes !== null && <Codes codes={codes} onDone={() => setCodes(null)} />}
            {codes === null && state.on && (
                <CodeForm key="remove" action={text('second_factor.remove')} onCode={remove}>
                    <p>{text('second_factor.left', { count: formatNumber(state.recovery_left) })}</p>
                </CodeForm>
            )}
            {codes === null && !state.on && secret === null && (
                <Off needed={state.needed} onBegin={() => void begin()} />
            )}
            {codes === null && secret !== null && (
                <CodeForm key="confirm" action={text('second_factor.confirm')} onCode={confirm}>
                    <p>{text('second_factor.scan')}</p>
                    <Secret secret={secret} />
                </CodeForm>
            )}
        </section>
    );
}

function Off({ needed, onBegin }: { needed: boolean; onBegin: () => void }) {
    return (
        <>
            <p>{text('second_factor.about')}</p>
            {needed && <p class="form-problem">{text('second_factor.needed')}</p>}
            <div>
                <button type="button" class="button" onClick={onBegin}>
                    {text('second_factor.begin')}
                </button>
            </div>
        </>
    );
}

function Secret({ secret }: { secret: SecondFactorSecret }) {
    const [picture, setPicture] = useState('');
    // Without it the secret can be typed.
    useEffect(() => {
        import('uqr').then(
            ({ renderSVG }) =>
                setPicture(`data:image/svg+xml,${encodeURIComponent(renderSVG(secret.address))}`),
            () => {},
        );
    }, [secret.address]);
    return (
        <>
            {picture !== '' && <img class="second-factor-picture" src={picture} alt="" />}
            <div>
                <p class="small muted">{text('second_factor.secret')}</p>
                <bdi class="second-factor-secret" dir="ltr">
                    {secret.secret.replace(/(.{4})(?=.)/g, '$1 ')}
                </bdi>
            </div>
        </>
    );
}

interface CodeFormProps {
    action: string;
    onCode: (code: string) => Promise<void>;
    children: ComponentChildren;
}

function CodeForm({ action, onCode, children }: CodeFormProps) {
    const id = useId();
    const [code, setCode] = useState('');
    return (
        <form
            class="second-factor"
            onSubmit={(event) => {
                event.preventDefault();
                void onCode(code).then(() => setCode(''));
            }}
        >
            {children}
            <div class="field">
                <label for={id}>{text('second_factor.code')}</label>
                <input
                    id={id}
                    class="input"
                    dir="ltr"
                    autoComplete="one-time-code"
                    inputMode="numeric"
                    spellcheck={false}
                    maxLength={31}
                    required
                    value={code}
                    onInput={(event) => setCode(event.currentTarget.value)}
                />
            </div>
            <div>
                <button type="submit" class="button">
                    {action}
                </button>
            </div>
        </form>
    );
}

function Codes({ codes, onDone }: { codes: RecoveryCodes; onDone: () => void }) {
    return (
        <div class="second-factor" data-print>
            <h3>{text('second_factor.codes_title')}</h3>
            <p>{text('second_factor.codes_about')}</p>
            <ul class="second-factor-codes">
                {codes.codes.map(({ code }) => (
                    <li key={code} dir="ltr">
                        {code}
                    </li>
                ))}
            </ul>
            <div class="second-factor-keys">
                <button type="button" class="button" onClick={() => window.print()}>
                    <Icon name="print" />
                    <span>{text('second_factor.print')}</span>
                </button>
                <button type="button" class="button button-filled" onClick={onDone}>
                    {text('second_factor.done')}
                </button>
            </div>
        </div>
    );
}
