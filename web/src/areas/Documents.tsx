// Documents as lines to open, and the text that is being read.

import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { AgendaItem, Document } from '../contract/generated.ts';
import { Dialog, Question } from '../elements/Dialog.tsx';
import { Icon } from '../elements/Icon.tsx';
import { Mark } from '../elements/Mark.tsx';
import { plateWords } from '../elements/Plate.tsx';
import { isPageLanguage, languageName, text } from '../i18n/index.ts';
import { documents, documentsOf, mayChange } from '../state/documents.ts';
import { iCan, may, meeting, plate } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { act } from './act.ts';
import { DocumentForm } from './DocumentForm.tsx';
import styles from './Documents.css?inline';
import { pdfPane } from './pdf_pane.ts';
import { openDocument, type Reading, reading, saveDocument, savePapers, stopReading } from './reading.ts';

adopt(styles);

const SIZES: readonly number[] = [1, 1.25, 1.5, 2, 2.5];
const size = signal(1);

// The form that is open, for a new document or one that replaces another. It belongs to the page, not to the list that opened it:
// a list may be folded away meanwhile.
const form = signal<{ replaces?: Document } | null>(null);

export function DocumentLines({ list, keys = false }: { list: readonly Document[]; keys?: boolean }) {
    return (
        <ul class="documents">
            {list.map((one) => (
                <DocumentLine key={one.id} document={one} keys={keys} />
            ))}
        </ul>
    );
}

function DocumentLine({ document, keys }: { document: Document; keys: boolean }) {
    const language = document.language;
    const speaker = plate(document.participant);
    return (
        <li class="document">
            <button type="button" class="document-key" onClick={() => void openDocument(document)}>
                <Icon name={document.kind === 'speech' ? 'microphone' : 'book'} size={18} />
                <span>
                    <bdi lang={isPageLanguage(language) ? language : undefined}>{document.title}</bdi>
                    <span class="small muted document-facts">
                        {speaker !== null && <bdi>{plateWords(speaker).heading}</bdi>}
                        {isPageLanguage(language) && <span>{languageName(language)}</span>}
                        {document.form === 'pdf' && <span>{document.form.toUpperCase()}</span>}
                    </span>
                </span>
            </button>
            <EmbargoMark document={document} />
            {keys && mayChange(document) && <DocumentKeys document={document} />}
        </li>
    );
}

function DocumentKeys({ document }: { document: Document }) {
    const asked = useSignal<'release' | 'remove' | null>(null);
    const close = () => {
        asked.value = null;
    };
    const title = document.title;
    return (
        <span class="document-keys">
            {document.embargoed && (
                <button
                    type="button"
                    class="button button-small"
                    onClick={() => {
                        asked.value = 'release';
                    }}
                >
                    {text('documents.release')}
                </button>
            )}
            <button
                type="button"
                class="button button-small"
                onClick={() => {
                    form.value = { replaces: document };
                }}
            >
                {text('documents.replace')}
            </button>
            <button
                type="button"
                class="button button-small"
                onClick={() => {
                    asked.value = 'remove';
                }}
            >
                {text('documents.remove')}
            </button>
            {asked.value === 'release' && (
                <Question
                    title={text('documents.release')}
                    detail={text('documents.release_detail', { title })}
                    confirm={text('documents.release')}
                    onConfirm={() => void act('document.release', { document: document.id })}
                    onClose={close}
                />
            )}
            {asked.value === 'remove' && (
                <Question
                    title={text('documents.remove')}
                    detail={text('documents.remove_detail', { title })}
                    confirm={text('documents.remove')}
                    onConfirm={() => void act('document.remove', { document: document.id })}
                    onClose={close}
                />
            )}
        </span>
    );
}

/** Hands in the own speech; those who keep the papers add any. */
export function AddDocumentKey() {
    if (!may('document.add')) {
        return null;
    }
    const any = iCan('keeps_papers');
    return (
        <button
            type="button"
            class="button button-small"
            aria-haspopup="dialog"
            onClick={() => {
                form.value = {};
            }}
        >
            <Icon name="plus" size={18} />
            <span>{text(any ? 'documents.add' : 'documents.hand_in')}</span>
        </button>
    );
}

/** What belongs to no item of the agenda; and the key to add more. */
export function OtherDocuments({ heading }: { heading: string }) {
    const items = new Set((meeting.value?.agenda ?? []).map((one) => one.id));
    const others = documents.value.filter((one) => !items.has(one.item ?? ''));
    const texts = others.filter((one) => one.kind === 'speech');
    const papers = others.filter((one) => one.kind === 'document');
    if (others.length === 0 && !may('document.add')) {
        return null;
    }
    return (
        <section class="rail-section" aria-labelledby={heading}>
            <header class="section-head">
                <h2 id={heading}>{text('documents.title')}</h2>
                {documents.value.length > 1 && <SaveAllKey item={null} />}
                <AddDocumentKey />
            </header>
            {documents.value.length === 0 && <p class="empty">{text('documents.none')}</p>}
            {texts.length > 0 && (
                <>
                    <h3 class="documents-head">{text('documents.texts')}</h3>
                    <DocumentLines list={texts} keys />
                </>
            )}
            {papers.length > 0 && (
                <>
                    <h3 class="documents-head">{text('documents.others')}</h3>
                    <DocumentLines list={papers} keys />
                </>
            )}
        </section>
    );
}

export function ItemDocuments({ item }: { item: Pick<AgendaItem, 'id' | 'number'> }) {
    const list = documentsOf(documents.value, item.id);
    return list.length === 0 ? null : (
        <>
            <DocumentLines list={list} keys />
            {list.length > 1 && <SaveAllKey item={item} />}
        </>
    );
}

// As one archive; of the whole meeting with null.
function SaveAllKey({ item }: { item: Pick<AgendaItem, 'id' | 'number'> | null }) {
    const busy = useSignal(false);
    return (
        <button
            type="button"
            class="button button-small"
            disabled={busy.value}
            onClick={async () => {
                busy.value = true;
                await savePapers(item);
                busy.value = false;
            }}
        >
            {text('documents.save_all')}
        </button>
    );
}

// As the meeting has it now: released meanwhile, or withdrawn.
function readingNow(): Reading | null {
    const now = reading.value;
    const document = documents.value.find((one) => one.id === now?.document.id);
    return now === null || document === undefined ? null : { ...now, document };
}

/** What lies over the page: the text that is being read, the form. */
export function DocumentDialogs() {
    const now = readingNow();
    return (
        <>
            {now !== null && (
                <Dialog
                    title={now.document.title}
                    onClose={stopReading}
                    kind={now.pdf === null ? 'sheet' : 'wide'}
                >
                    <ReadingContents reading={now} keys />
                </Dialog>
            )}
            {form.value !== null && (
                <DocumentForm
                    {...form.value}
                    onClose={() => {
                        form.value = null;
                    }}
                />
            )}
        </>
    );
}

/** The same as a part of the page: nothing is covered and every key goes on working. */
export function ReadingPane() {
    const now = readingNow();
    const place = useRef<HTMLElement>(null);
    const id = now?.document.id;
    useEffect(() => {
        place.current?.querySelector<HTMLElement>('.reading-words, .pdf-pages')?.focus();
    }, [id]);
    return (
        now !== null && (
            <section class="reading" ref={place} aria-label={now.document.title}>
                <header class="section-head">
                    <h3>
                        <bdi>{now.document.title}</bdi>
                    </h3>
                    <button
                        type="button"
                        class="button button-quiet button-icon"
                        aria-label={text('action.close')}
                        onClick={stopReading}
                    >
                        <Icon name="close" size={18} />
                    </button>
                </header>
                <ReadingContents reading={now} keys={false} />
            </section>
        )
    );
}

// `keys`: whether a PDF takes keys of the keyboard; a desk's are for its sound.
function ReadingContents({ reading: now, keys }: { reading: Reading; keys: boolean }) {
    const Pane = pdfPane.value;
    const { document, pdf } = now;
    if (pdf === null || Pane === null) {
        return <ReadingWords reading={now} />;
    }
    return (
        <Pane contents={pdf} title={document.title} keys={keys} onSave={() => void saveDocument(document)}>
            <EmbargoMark document={document} />
        </Pane>
    );
}

function EmbargoMark({ document }: { document: Document }) {
    return document.embargoed ? (
        <Mark icon="lock" tone="warn">
            {text('documents.check')}
        </Mark>
    ) : null;
}

function ReadingWords({ reading: { document, words } }: { reading: Reading }) {
    const at = SIZES.indexOf(size.value);
    const step = (by: number) => {
        size.value = SIZES[Math.min(Math.max(at + by, 0), SIZES.length - 1)] ?? 1;
    };
    return (
        <>
            <div class="reading-tools">
                <EmbargoMark document={document} />
                <button
                    type="button"
                    class="button button-small"
                    aria-label={text('documents.smaller')}
                    title={text('documents.smaller')}
                    disabled={at === 0}
                    onClick={() => step(-1)}
                >
                    <span aria-hidden="true">A−</span>
                </button>
                <button
                    type="button"
                    class="button button-small"
                    aria-label={text('documents.larger')}
                    title={text('documents.larger')}
                    disabled={at === SIZES.length - 1}
                    onClick={() => step(1)}
                >
                    <span aria-hidden="true">A+</span>
                </button>
                <button type="button" class="button button-small" onClick={() => void saveDocument(document)}>
                    {text('documents.save')}
                </button>
            </div>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
            <section class="reading-words" tabIndex={0} aria-label={document.title} data-size={size.value}>
                <p dir="auto" lang={isPageLanguage(document.language) ? document.language : undefined}>
                    {words}
                </p>
            </section>
        </>
    );
}
