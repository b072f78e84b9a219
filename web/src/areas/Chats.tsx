// Chats with the booths: tabs with what is new, the lines, a line to write, and canned lines that each reader reads in the own language.

import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type ChatLine, can, PHRASE_VALUES, type Phrase } from '../contract/generated.ts';
import { Icon } from '../elements/Icon.tsx';
import { TEXT_MOST } from '../elements/text_most.ts';
import { fits, WordsCount } from '../elements/WordsCount.tsx';
import { formatTime, languageName, text } from '../i18n/index.ts';
import { linesOf, markRead, seenUntil, type Thread, threadKey, unread } from '../state/chats.ts';
import { allLines, followChat, mayBeOlder } from '../state/past_chat.ts';
import { me, meeting, participant } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { act } from './act.ts';
import styles from './Chats.css?inline';
import { readEarlier } from './earlier.ts';

adopt(styles);

// From so many on it is said how many there can be.
const NEAR = TEXT_MOST.line * 0.8;

export interface ChatTab extends Thread {
    label: string;
    // In the language of this, where the label is a language's own name.
    lang?: string;
}

interface ChatsProps {
    tabs: readonly ChatTab[];
    // Takes the function that brings the keyboard here; returns what forgets it.
    onReady?: (focus: (next: boolean) => void) => () => void;
}

export function Chats({ tabs, onReady }: ChatsProps) {
    const [chosen, choose] = useState(0);
    const [phrases, showPhrases] = useState(false);
    const [typed, setTyped] = useState('');
    const line = useRef<HTMLInputElement>(null);
    const id = useId();
    const tab = tabs[chosen] ?? tabs[0];
    const chat = meeting.value?.chat ?? [];
    const newest = tab === undefined ? 0 : (linesOf(chat, tab).at(-1)?.at ?? 0);

    useEffect(() => followChat(chat), [chat]);
    useEffect(() => {
        if (tab !== undefined) {
            markRead(tab, linesOf(chat, tab));
        }
    }, [newest, chosen]);
    useEffect(
        () =>
            onReady?.((next) => {
                if (next) {
                    choose((before) => (before + 1) % tabs.length);
                }
                line.current?.focus();
            }),
        [tabs.length],
    );
    if (tab === undefined) {
        return null;
    }
    const send = (what: { text: string } | { phrase: Phrase }): Promise<boolean> =>
        act('chat.send', {
            room: tab.room,
            ...(tab.booth === 'none' ? {} : { language: tab.booth }),
            ...what,
        });
    return (
        <div class="chats">
            <div class="chat-tabs" role="tablist" aria-label={text('chat.title')}>
                {tabs.map((one, index) => (
                    <Tab
                        key={threadKey(one)}
                        id={id}
                        tab={one}
                        index={index}
                        chosen={index === chosen}
                        onChoose={() => choose(index)}
                        onMove={(step) => choose((chosen + step + tabs.length) % tabs.length)}
                    />
                ))}
            </div>
            <div class="chat-body" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-tab-${chosen}`}>
                <Log key={threadKey(tab)} thread={tab} />
                {phrases && (
                    <ul class="chat-phrases" id={`${id}-phrases`}>
                        {PHRASE_VALUES.map((phrase) => (
                            <li key={phrase}>
                                <button
                                    type="button"
                                    class="button button-small"
                                    onClick={() => {
                                        void send({ phrase });
                                        showPhrases(false);
                                        line.current?.focus();
                                    }}
                                >
                                    {text(`phrase.${phrase}`)}
                                </button>
                            </li>
                        ))}
                    </ul>
                )}
                <form
                    class="chat-write"
                    onSubmit={(event) => {
                        event.preventDefault();
                        const field = line.current;
                        const words = field?.value.trim() ?? '';
                        if (field !== null && words !== '' && fits(words, TEXT_MOST.line)) {
                            void send({ text: words }).then((sent) => {
                                if (sent) {
                                    field.value = '';
                                    setTyped('');
                                }
                            });
                        }
                    }}
                >
                    <button
                        type="button"
                        class="button button-small chat-phrases-key"
                        aria-expanded={phrases}
                        aria-controls={`${id}-phrases`}
                        onClick={() => showPhrases(!phrases)}
                    >
                        <Icon name="list" size={16} />
                        <span>{text('chat.phrases')}</span>
                    </button>
                    <input
                        ref={line}
                        class="input chat-line"
                        type="text"
                        autocomplete="off"
                        dir="auto"
                        aria-label={text('chat.write', { name: tab.label })}
                        placeholder={text('chat.placeholder')}
                        onInput={(event) => setTyped(event.currentTarget.value)}
                        onKeyDown={(event) => {
                            if (event.key === 'Escape') {
                                event.currentTarget.blur();
                            }
                        }}
                    />
                    <button type="submit" class="button button-small">
                        {text('chat.send')}
                    </button>
                    {typed.length > NEAR && <WordsCount words={typed} most={TEXT_MOST.line} />}
                </form>
            </div>
        </div>
    );
}

// The lines, the newest in sight; where the first one is looked at, or asked for what came before, earlier ones are read.
function Log({ thread }: { thread: Thread }) {
    const log = useRef<HTMLOListElement>(null);
    const key = useRef<HTMLButtonElement>(null);
    const below = useRef(0);
    const lines = linesOf(allLines(meeting.value?.chat ?? []), thread);
    const newest = lines.at(-1)?.at ?? 0;
    const earlier = async (): Promise<void> => {
        const held = key.current !== null && key.current === key.current.ownerDocument.activeElement;
        below.current = (log.current?.scrollHeight ?? 0) - (log.current?.scrollTop ?? 0);
        await readEarlier(thread);
        if (held && !mayBeOlder()) {
            log.current?.focus();
        }
    };
    useEffect(() => log.current?.scrollTo({ top: log.current.scrollHeight }), [newest]);
    // What was in sight stays there.
    useLayoutEffect(() => {
        if (below.current > 0) {
            log.current?.scrollTo({ top: log.current.scrollHeight - below.current });
            below.current = 0;
        }
    }, [lines.length]);
    return (
        <ol
            class="chat-log"
            ref={log}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
            tabIndex={0}
            aria-label={text('chat.lines')}
            onScroll={(event) => {
                const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
                if (scrollTop === 0 && scrollHeight > clientHeight) {
                    void earlier();
                }
            }}
        >
            {mayBeOlder() && (
                <li class="chat-earlier">
                    <button
                        ref={key}
                        type="button"
                        class="button button-small"
                        onClick={() => void earlier()}
                    >
                        {text('chat.earlier')}
                    </button>
                </li>
            )}
            {lines.length === 0 && <li class="empty">{text('chat.none')}</li>}
            {lines.map((one) => (
                <Line key={`${one.participant}${one.at}`} line={one} />
            ))}
        </ol>
    );
}

interface TabProps {
    id: string;
    tab: ChatTab;
    index: number;
    chosen: boolean;
    onChoose: () => void;
    onMove: (step: number) => void;
}

function Tab({ id, tab, index, chosen, onChoose, onMove }: TabProps) {
    const own = me.value?.id ?? '';
    const lines = linesOf(meeting.value?.chat ?? [], tab);
    const fresh = chosen ? 0 : unread(lines, own, seenUntil.value.get(threadKey(tab)) ?? 0);
    const button = useRef<HTMLButtonElement>(null);
    useEffect(() => {
        const list = button.current?.parentElement;
        if (chosen && list?.contains(list.ownerDocument.activeElement)) {
            button.current?.focus();
        }
    }, [chosen]);
    return (
        <button
            ref={button}
            type="button"
            role="tab"
            id={`${id}-tab-${index}`}
            class="chat-tab"
            aria-selected={chosen}
            aria-controls={`${id}-panel`}
            tabIndex={chosen ? 0 : -1}
            onClick={onChoose}
            onKeyDown={(event) => {
                const forward = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
                if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
                    event.preventDefault();
                    onMove(event.key === forward ? 1 : -1);
                }
            }}
        >
            <span lang={tab.lang}>{tab.label}</span>
            {fresh > 0 && (
                <span class="count">
                    <span aria-hidden="true">{fresh}</span>
                    <span class="hidden-text">{text('chat.unread', { count: fresh })}</span>
                </span>
            )}
        </button>
    );
}

function Line({ line }: { line: ChatLine }) {
    const person = participant(line.participant);
    const own = line.participant === me.value?.id;
    const role =
        person === null
            ? ''
            : can(person.capacity, 'has_desk') && person.language !== 'none'
              ? languageName(person.language)
              : text(`capacity.${person.capacity}`);
    return (
        <li class={`chat-said${own ? ' chat-own' : ''}`}>
            <p class="chat-who small muted">
                <bdi dir="auto">{own ? text('list.you') : (person?.name ?? '')}</bdi>
                {!own && role !== '' && <span> · {role}</span>}
                <time dateTime={new Date(line.at).toISOString()}>
                    <bdi dir="ltr">{formatTime(line.at)}</bdi>
                </time>
            </p>
            <p class="chat-words" dir="auto">
                {line.phrase === undefined ? line.text : text(`phrase.${line.phrase}`)}
            </p>
        </li>
    );
}
