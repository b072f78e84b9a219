// Handing in a speech, or adding a document: a file or the text itself, and what it is.

import { useState } from 'preact/hooks';
import { can, type Document, type DocumentKind, type Language } from '../contract/generated.ts';
import { Dialog } from '../elements/Dialog.tsx';
import { FileKey } from '../elements/FileKey.tsx';
import { Icon } from '../elements/Icon.tsx';
import { plateWords } from '../elements/Plate.tsx';
import { TEXT_MOST } from '../elements/text_most.ts';
import { fits, WordsCount } from '../elements/WordsCount.tsx';
import {
    isPageLanguage,
    languageName,
    localized,
    type MessageKey,
    PAGE_LANGUAGES,
    pageLanguage,
    text,
} from '../i18n/index.ts';
import { command } from '../live/actions.ts';
import { sendContents } from '../live/contents.ts';
import { problemOf } from '../live/problem.ts';
import { currentItem, iCan, me, meeting, plate, session } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './DocumentForm.css?inline';
import { problemWords } from './refusals.ts';

adopt(styles);

const MEGABYTE = 1 << 20;
// As the server says (413).
const DELEGATE_MAX_MB = 2;
const OTHERS_MAX_MB = 20;

interface Wish {
    kind: DocumentKind;
    title: string;
    language: Language;
    item: string;
    speaker: string;
    embargoed: boolean;
    words: string;
    file: File | null;
}

class Refusal extends Error {
    constructor(
        readonly key: MessageKey,
        readonly detail = '',
    ) {
        super(key);
    }
}

function firstWish(replaces: Document | undefined): Wish {
    const own = me.value?.language;
    const any = iCan('keeps_papers');
    return {
        kind: replaces?.kind ?? (any ? 'document' : 'speech'),
        title: replaces?.title ?? '',
        language: replaces?.language ?? (isPageLanguage(own) ? own : pageLanguage.value),
        item: replaces?.item ?? currentItem.value?.id ?? '',
        speaker: replaces?.participant ?? '',
        embargoed: replaces?.embargoed ?? true,
        words: '',
        file: null,
    };
}

function contentsOf(wish: Wish, megabytes: number): Blob {
    const contents = wish.file ?? (wish.words.trim() === '' ? null : new Blob([wish.words]));
    if (contents === null || contents.size === 0) {
        throw new Refusal('documents.nothing');
    }
    if (contents.size > megabytes * MEGABYTE) {
        throw new Refusal('documents.too_large');
    }
    const pdf =
        wish.file !== null && (wish.file.type === 'application/pdf' || /\.pdf$/i.test(wish.file.name));
    return new Blob([contents], { type: pdf ? 'application/pdf' : 'text/plain' });
}

async function hand(wish: Wish, megabytes: number, replaces: Document | undefined): Promise<void> {
    const own = session.value;
    const title = wish.title.trim();
    if (title === '') {
        throw new Refusal('documents.no_title');
    }
    const contents = contentsOf(wish, megabytes);
    try {
        const kept = await sendContents(own?.token ?? '', own?.meeting ?? '', contents);
        const speech = wish.kind === 'speech';
        await command('document.add', {
            document: kept.id,
            kind: wish.kind,
            title,
            embargoed: speech && wish.embargoed,
            ...(wish.language === 'none' ? {} : { language: wish.language }),
            ...(wish.item === '' ? {} : { item: wish.item }),
            ...(speech && wish.speaker !== '' ? { participant: wish.speaker } : {}),
            ...(replaces === undefined ? {} : { replaces: replaces.id }),
        });
    } catch (thrown) {
        const problem = problemOf(thrown);
        const strange = problem.status === 415 || problem.status === 422;
        throw strange && problem.field === ''
            ? new Refusal('documents.wrong_kind')
            : new Refusal('documents.failed', problemWords(problem));
    }
}

export function DocumentForm({ replaces, onClose }: { replaces?: Document; onClose: () => void }) {
    const [wish, setWish] = useState<Wish>(() => firstWish(replaces));
    const [problem, setProblem] = useState<Refusal | null>(null);
    const [sending, setSending] = useState(false);
    const any = iCan('keeps_papers');
    const megabytes = iCan('sits_on_podium') ? OTHERS_MAX_MB : DELEGATE_MAX_MB;
    const change = (part: Partial<Wish>) => setWish((before) => ({ ...before, ...part }));
    const send = async () => {
        setSending(true);
        try {
            await hand(wish, megabytes, replaces);
            onClose();
        } catch (thrown) {
            setProblem(thrown instanceof Refusal ? thrown : new Refusal('documents.failed', String(thrown)));
            setSending(false);
        }
    };
    return (
        <Dialog title={text(any ? 'documents.add' : 'documents.hand_in')} onClose={onClose}>
            <form
                class="document-form"
                onSubmit={(event) => {
                    event.preventDefault();
                    void send();
                }}
            >
                {any && replaces === undefined && <Kind wish={wish} change={change} />}
                <label class="field">
                    <span>{text('documents.name')}</span>
                    <input
                        class="input document-title"
                        dir="auto"
                        value={wish.title}
                        onInput={(event) => change({ title: event.currentTarget.value })}
                    />
                    <WordsCount words={wish.title} most={TEXT_MOST.title} />
                </label>
                <div class="document-pair">
                    <Tongue wish={wish} change={change} />
                    <Item wish={wish} change={change} />
                </div>
                <div class="field">
                    <span aria-hidden="true">{text('documents.file', { size: megabytes })}</span>
                    <FileKey
                        words={text('documents.file', { size: megabytes })}
                        accept=".pdf,.txt,application/pdf,text/plain"
                        name={wish.file?.name ?? ''}
                        onFile={(file) => {
                            const name = file?.name.replace(/\.[^.]*$/, '') ?? '';
                            change({
                                file: file ?? null,
                                ...(wish.title === ''
                                    ? { title: [...name].slice(0, TEXT_MOST.title).join('') }
                                    : {}),
                            });
                        }}
                    />
                </div>
                {wish.file === null && (
                    <label class="field">
                        <span>{text('documents.paste')}</span>
                        <textarea
                            class="input document-words"
                            dir="auto"
                            rows={6}
                            value={wish.words}
                            onInput={(event) => change({ words: event.currentTarget.value })}
                        />
                    </label>
                )}
                {wish.kind === 'speech' && (
                    <label class="tick">
                        <input
                            type="checkbox"
                            checked={wish.embargoed}
                            onChange={(event) => change({ embargoed: event.currentTarget.checked })}
                        />
                        <span>{text('documents.embargo')}</span>
                    </label>
                )}
                <p role="status">
                    {problem !== null && !sending && (
                        <span class="form-problem">
                            <Icon name="warning" size={18} />
                            <span>{text(problem.key, { size: megabytes, detail: problem.detail })}</span>
                        </span>
                    )}
                </p>
                <div class="dialog-actions">
                    <button type="button" class="button" onClick={onClose}>
                        {text('action.cancel')}
                    </button>
                    <button
                        type="submit"
                        class="button button-filled"
                        disabled={sending || !fits(wish.title, TEXT_MOST.title)}
                    >
                        {text(sending ? 'documents.sending' : any ? 'documents.add' : 'documents.send')}
                    </button>
                </div>
            </form>
        </Dialog>
    );
}

interface PartProps {
    wish: Wish;
    change: (part: Partial<Wish>) => void;
}

function Kind({ wish, change }: PartProps) {
    const speakers = (meeting.value?.participants ?? []).filter((one) => can(one.capacity, 'speaks'));
    return (
        <div class="document-pair">
            <label class="field">
                <span>{text('documents.kind')}</span>
                <select
                    class="select"
                    value={wish.kind}
                    onChange={(event) => {
                        const kind = event.currentTarget.value === 'speech' ? 'speech' : 'document';
                        change({ kind, speaker: kind === 'speech' ? (speakers[0]?.id ?? '') : '' });
                    }}
                >
                    <option value="document">{text('documents.kind_document')}</option>
                    <option value="speech">{text('documents.kind_speech')}</option>
                </select>
            </label>
            {wish.kind === 'speech' && (
                <label class="field">
                    <span>{text('documents.speaker')}</span>
                    <select
                        class="select"
                        value={wish.speaker}
                        onChange={(event) => change({ speaker: event.currentTarget.value })}
                    >
                        {speakers.map((one) => {
                            const shown = plate(one.id);
                            return (
                                <option key={one.id} value={one.id}>
                                    {shown === null ? one.name : `${plateWords(shown).heading} · ${one.name}`}
                                </option>
                            );
                        })}
                    </select>
                </label>
            )}
        </div>
    );
}

function Tongue({ wish, change }: PartProps) {
    return (
        <label class="field">
            <span>{text('documents.language')}</span>
            <select
                class="select"
                value={wish.language}
                onChange={(event) => {
                    const chosen = PAGE_LANGUAGES.find((one) => one === event.currentTarget.value);
                    change({ language: chosen ?? 'none' });
                }}
            >
                <option value="none">{text('documents.several')}</option>
                {PAGE_LANGUAGES.map((one) => (
                    <option key={one} value={one}>
                        {languageName(one)}
                    </option>
                ))}
            </select>
        </label>
    );
}

function Item({ wish, change }: PartProps) {
    return (
        <label class="field">
            <span>{text('documents.item')}</span>
            <select
                class="select"
                value={wish.item}
                onChange={(event) => change({ item: event.currentTarget.value })}
            >
                <option value="">{text('documents.no_item')}</option>
                {(meeting.value?.agenda ?? []).map((one) => (
                    <option key={one.id} value={one.id}>
                        {`${one.number} ${localized(one.title)}`}
                    </option>
                ))}
            </select>
        </label>
    );
}
