// What caller and helper have written in a call for help, and the line to write; the same on both sides.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { HelpLine } from '../contract/generated.ts';
import { TEXT_MOST } from '../elements/text_most.ts';
import { fits, WordsCount } from '../elements/WordsCount.tsx';
import { formatTime, text } from '../i18n/index.ts';
import { me, meeting } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { act } from './act.ts';
import styles from './HelpLines.css?inline';
import { lineWords, nameOf } from './help_news.ts';

adopt(styles);

// From so many on it is said how many there can be.
const NEAR = TEXT_MOST.help * 0.8;

export function helpLinesOf(participant: string): readonly HelpLine[] {
    return meeting.value?.help_lines.filter((one) => one.participant === participant) ?? [];
}

interface HelpLogProps {
    // Whose call.
    of: string;
    // What can be done about a line, under it.
    below?: (line: HelpLine) => ComponentChildren;
}

/** The newest in sight; nothing where nothing was written. */
export function HelpLog({ of, below }: HelpLogProps) {
    const log = useRef<HTMLDivElement>(null);
    const lines = helpLinesOf(of);
    useEffect(() => log.current?.scrollTo({ top: log.current.scrollHeight }), [lines.length]);
    if (lines.length === 0) {
        return null;
    }
    return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        <div ref={log} class="help-log" role="log" tabIndex={0} aria-label={text('chat.lines')}>
            {lines.map((line) => (
                <Line key={`${line.author}${line.at}`} line={line}>
                    {below?.(line)}
                </Line>
            ))}
        </div>
    );
}

function Line({ line, children }: { line: HelpLine; children: ComponentChildren }) {
    const own = line.author === me.value?.id;
    return (
        <div class={`help-line${own ? ' is-own' : ''}`}>
            <p class="help-line-who small muted">
                <bdi dir="auto">{own ? text('list.you') : nameOf(line.author)}</bdi>
                <time dateTime={new Date(line.at).toISOString()}>
                    <bdi dir="ltr">{formatTime(line.at)}</bdi>
                </time>
            </p>
            <p class="help-line-words" dir="auto">
                {lineWords(line)}
            </p>
            {children}
        </div>
    );
}

interface HelpWriteProps {
    label: string;
    // Whose call; not given: the own.
    to?: string;
}

/** What was refused stays in the field. */
export function HelpWrite({ label, to }: HelpWriteProps) {
    const field = useRef<HTMLInputElement>(null);
    const [typed, setTyped] = useState('');
    const send = async (): Promise<void> => {
        const words = typed.trim();
        if (words === '' || !fits(words, TEXT_MOST.help)) {
            return;
        }
        if (await act('help.say', { text: words, ...(to === undefined ? {} : { participant: to }) })) {
            setTyped('');
        }
        field.current?.focus();
    };
    return (
        <form
            class="help-write"
            onSubmit={(event) => {
                event.preventDefault();
                void send();
            }}
        >
            <input
                ref={field}
                class="input"
                type="text"
                autocomplete="off"
                dir="auto"
                aria-label={label}
                placeholder={text('chat.placeholder')}
                value={typed}
                onInput={(event) => setTyped(event.currentTarget.value)}
            />
            <button type="submit" class="button">
                {text('chat.send')}
            </button>
            {typed.length > NEAR && <WordsCount words={typed} most={TEXT_MOST.help} />}
        </form>
    );
}
