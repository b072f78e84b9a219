// What the pages of the house are made of: links that ask before something unsaved is left, fields, lines of lists, and what is said of saving.

import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { problemWords } from '../areas/refusals.ts';
import { Dialog, Question } from '../elements/Dialog.tsx';
import { Icon, type IconName } from '../elements/Icon.tsx';
import { fits, WordsCount } from '../elements/WordsCount.tsx';
import { hasWords, isPageLanguage, languageName, text } from '../i18n/index.ts';
import type { Problem } from '../live/problem.ts';
import { base } from '../router/base.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './Parts.css?inline';
import { type Saving, useSaving } from './saving.ts';
import { go, useUnsaved } from './unsaved.ts';

adopt(styles);

interface LinkProps {
    to: string;
    class?: string;
    here?: boolean;
    onPress?: () => void;
    label?: string;
    children: ComponentChildren;
}

/** To another page of the house, within the page; a new window still works. */
export function Link({ to, class: more = '', here = false, onPress, label, children }: LinkProps) {
    return (
        <a
            href={base + to}
            class={more}
            aria-label={label}
            aria-current={here ? 'page' : undefined}
            onClick={(event) => {
                if (event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
                    event.preventDefault();
                    onPress?.();
                    go(to);
                }
            }}
        >
            {children}
        </a>
    );
}

/** What the server would not take names the field by its name in the contract. */
export function fieldWords(field: string): string {
    const name = field.replace(/^.*[./]/, '');
    const [, first = name, language] = name.match(/^(.+)_([a-z]{2})$/) ?? [];
    const key = `house.field_${first}`;
    const words = hasWords(key) ? text(key) : first;
    return isPageLanguage(language) ? `${words} · ${languageName(language)}` : words;
}

export function wordsOfProblem(problem: Problem): string {
    return problem.kind === 'invalid' && problem.refusal === null && problem.field !== ''
        ? text('house.invalid', { field: fieldWords(problem.field) })
        : problemWords(problem);
}

export function ProblemLine({ problem, onAgain }: { problem: Problem | null; onAgain?: () => void }) {
    return (
        <div role="alert" class="house-told">
            {problem !== null && (
                <p class="form-problem">
                    <Icon name="warning" />
                    <span>{wordsOfProblem(problem)}</span>
                    {onAgain !== undefined && (
                        <button type="button" class="button button-small" onClick={onAgain}>
                            {text('coming.again')}
                        </button>
                    )}
                </p>
            )}
        </div>
    );
}

interface SavingLineProps {
    saving: Saving;
    onForce?: (() => void) | undefined;
}

/** What became of saving. Where somebody else was faster, one's own can be saved all the same. */
export function SavingLine({ saving, onForce }: SavingLineProps) {
    return (
        <div role="alert" class="house-told">
            {saving.changed && (
                <p class="form-problem">
                    <Icon name="warning" />
                    <span>{text('house.changed_meanwhile')}</span>
                    {onForce !== undefined && (
                        <button type="button" class="button button-small" onClick={onForce}>
                            {text('house.save_anyway')}
                        </button>
                    )}
                </p>
            )}
            {saving.problem !== null && (
                <p class="form-problem">
                    <Icon name="warning" />
                    <span>
                        {wordsOfProblem(saving.problem)} {text('house.kept')}
                    </span>
                </p>
            )}
        </div>
    );
}

interface FormDialogProps {
    title: string;
    /** On the key that saves. */
    submit: string;
    dirty: boolean;
    /** Why it cannot be saved yet; empty when it can. */
    unable?: string;
    wide?: boolean;
    /** The form is not done with it: it is open afterwards. */
    stays?: boolean;
    /** `force`: what somebody else changed meanwhile may be overwritten. Rejects when it was not saved. */
    onSave: (force: boolean) => Promise<unknown>;
    onClose: () => void;
    children: ComponentChildren;
}

/** A form over the page. Closing it asks while there is something unsaved in it. */
export function FormDialog(props: FormDialogProps) {
    const {
        title,
        submit,
        dirty,
        unable = '',
        wide = false,
        stays = false,
        onSave,
        onClose,
        children,
    } = props;
    const id = useId();
    const saving = useSaving();
    const [asking, setAsking] = useState(false);
    const [said, setSaid] = useState('');
    useUnsaved(id, dirty);
    const form = useRef<HTMLFormElement>(null);
    // The dialog opens where one writes, and not on the key that closes it.
    useLayoutEffect(() => {
        form.current?.querySelector('input, textarea, select')?.setAttribute('autofocus', '');
    }, []);
    const save = async (force: boolean) => {
        setSaid(unable);
        if (unable === '' && !saving.busy && (await saving.run(() => onSave(force))) && !stays) {
            onClose();
        }
    };
    const close = () => (dirty ? setAsking(true) : onClose());
    return (
        <Dialog title={title} onClose={close} kind={wide ? 'wide' : 'sheet'}>
            <form
                ref={form}
                class="house-form"
                noValidate
                aria-busy={saving.busy}
                onSubmit={(event) => {
                    event.preventDefault();
                    void save(false);
                }}
            >
                {children}
                <SavingLine saving={saving} onForce={() => void save(true)} />
                <p role="alert" class="house-told">
                    {said !== '' && unable !== '' && (
                        <span class="form-problem">
                            <Icon name="warning" />
                            <span>{unable}</span>
                        </span>
                    )}
                </p>
                <div class="dialog-actions">
                    <button type="button" class="button" onClick={close}>
                        {text('action.cancel')}
                    </button>
                    <button type="submit" class="button button-filled" aria-disabled={saving.busy}>
                        {saving.busy ? text('house.saving') : submit}
                    </button>
                </div>
            </form>
            {asking && (
                <Question
                    title={text('house.unsaved_title')}
                    detail={text('house.unsaved_detail')}
                    confirm={text('house.unsaved_leave')}
                    onConfirm={onClose}
                    onClose={() => setAsking(false)}
                />
            )}
        </Dialog>
    );
}

interface TextFieldProps {
    label: string;
    value: string;
    onInput: (value: string) => void;
    most: number;
    hint?: string | undefined;
    type?: 'text' | 'email' | 'date';
    /** Of codes and addresses: never from the right. */
    ltr?: boolean;
    required?: boolean;
    list?: string;
}

// Each is a type of its own to the compiler.
const TYPES = {
    text: { type: 'text' },
    email: { type: 'email' },
    date: { type: 'date' },
} as const;

export function TextField(props: TextFieldProps) {
    const { label, value, onInput, most, hint, type = 'text', ltr = false, required = false } = props;
    const id = useId();
    return (
        <div class="field">
            <label for={id}>
                {label}
                {!required && type !== 'date' && (
                    <span class="house-optional"> {text('house.optional')}</span>
                )}
            </label>
            <input
                id={id}
                class="input"
                {...TYPES[type]}
                dir={ltr ? 'ltr' : 'auto'}
                required={required}
                aria-describedby={hint === undefined ? undefined : `${id}-hint`}
                {...(ltr ? { autoCapitalize: 'none', spellcheck: false } : {})}
                value={value}
                onInput={(event) => onInput(event.currentTarget.value)}
            />
            {hint !== undefined && (
                <p class="house-hint" id={`${id}-hint`}>
                    {hint}
                </p>
            )}
            {!fits(value, most) && <WordsCount words={value} most={most} />}
        </div>
    );
}

interface ChoiceFieldProps<Value extends string> {
    label: string;
    value: Value;
    options: readonly { value: Value; words: string }[];
    onChange: (value: Value) => void;
    hint?: string | undefined;
}

export function ChoiceField<Value extends string>(props: ChoiceFieldProps<Value>) {
    const { label, value, options, onChange, hint } = props;
    const id = useId();
    return (
        <div class="field">
            <label for={id}>{label}</label>
            <select
                id={id}
                class="select"
                value={value}
                aria-describedby={hint === undefined ? undefined : `${id}-hint`}
                onChange={(event) => {
                    const chosen = options.find((one) => one.value === event.currentTarget.value);
                    if (chosen !== undefined) {
                        onChange(chosen.value);
                    }
                }}
            >
                {options.map((one) => (
                    <option key={one.value} value={one.value}>
                        {one.words}
                    </option>
                ))}
            </select>
            {hint !== undefined && (
                <p class="house-hint" id={`${id}-hint`}>
                    {hint}
                </p>
            )}
        </div>
    );
}

/** A page's heading with the key for what one mostly comes for. */
export function PageHead({ title, children }: { title: string; children?: ComponentChildren }) {
    return (
        <div class="house-head">
            <h1>{title}</h1>
            {children}
        </div>
    );
}

export function AddKey({ words, onPress }: { words: string; onPress: () => void }) {
    return (
        <button type="button" class="button button-filled" aria-haspopup="dialog" onClick={onPress}>
            <Icon name="plus" />
            <span>{words}</span>
        </button>
    );
}

interface IconKeyProps {
    icon: IconName;
    /** With whose it is: several keys of a page look alike. */
    label: string;
    onPress: () => void;
    disabled?: boolean;
}

export function IconKey({ icon, label, onPress, disabled = false }: IconKeyProps) {
    return (
        <button
            type="button"
            class="button button-quiet button-icon house-icon-key"
            aria-label={label}
            title={label}
            aria-disabled={disabled}
            onClick={() => {
                if (!disabled) {
                    onPress();
                }
            }}
        >
            <Icon name={icon} />
        </button>
    );
}

export type MarkTone = 'good' | 'warn' | 'plain';

/** A state in a word, with a sign: never by colour alone. */
export function StateMark({ tone, words }: { tone: MarkTone; words: string }) {
    const sign: IconName = tone === 'good' ? 'check' : tone === 'warn' ? 'warning' : 'silent';
    return (
        <span class={`house-mark house-mark-${tone}`}>
            <Icon name={sign} size={16} />
            <span>{words}</span>
        </span>
    );
}

/** In the place of what is read: that it comes, why it does not, or nothing once it is here. */
export function Coming({
    value,
    problem,
    again,
}: {
    value: unknown;
    problem: Problem | null;
    again: () => Promise<void>;
}) {
    return (
        <>
            {value === null && problem === null && <p role="status">{text('waiting.lead')}</p>}
            <ProblemLine problem={problem} onAgain={() => void again()} />
        </>
    );
}

/** Search above a list. */
export function SearchField({ label, onSearch }: { label: string; onSearch: (q: string) => void }) {
    const id = useId();
    const [words, setWords] = useState('');
    const [timer, setTimer] = useState<ReturnType<typeof setTimeout>>();
    return (
        <div class="house-search">
            <label class="hidden-text" for={id}>
                {label}
            </label>
            <input
                id={id}
                class="input"
                type="search"
                dir="auto"
                placeholder={label}
                value={words}
                onInput={(event) => {
                    const wanted = event.currentTarget.value;
                    setWords(wanted);
                    clearTimeout(timer);
                    setTimer(setTimeout(() => onSearch(wanted.trim()), SEARCH_AFTER_MS));
                }}
            />
        </div>
    );
}

// Not at every letter.
const SEARCH_AFTER_MS = 250;

/** Where one is in a list of pages: the `after` of each page up to this one. */
export type Trail = readonly string[];

interface PagerProps {
    trail: Trail;
    next: string | undefined;
    onGo: (trail: Trail) => void;
    /** What of how much is shown. */
    words?: string;
}

export function Pager({ trail, next, onGo, words = '' }: PagerProps) {
    if (trail.length === 0 && next === undefined) {
        return null;
    }
    return (
        <nav class="house-pager" aria-label={text('house.pages')}>
            <button
                type="button"
                class="button"
                aria-disabled={trail.length === 0}
                onClick={() => trail.length > 0 && onGo(trail.slice(0, -1))}
            >
                {text('house.page_before')}
            </button>
            <span role="status">{words}</span>
            <button
                type="button"
                class="button"
                aria-disabled={next === undefined}
                onClick={() => next !== undefined && onGo([...trail, next])}
            >
                {text('house.page_after')}
            </button>
        </nav>
    );
}

/** Copies words, and says so on the key; nothing where the browser does not let a page copy (a line without encryption). */
export function CopyKey({ words, label }: { words: string; label: string }) {
    const [copied, setCopied] = useState(false);
    if (navigator.clipboard === undefined) {
        return null;
    }
    return (
        <button
            type="button"
            class="button"
            onClick={() =>
                void navigator.clipboard.writeText(words).then(
                    () => setCopied(true),
                    () => setCopied(false),
                )
            }
        >
            <Icon name={copied ? 'check' : 'copy'} />
            <span role="status">{copied ? text('house.copied') : label}</span>
        </button>
    );
}
