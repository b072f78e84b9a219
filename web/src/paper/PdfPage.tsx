// One page: drawn while it is near, with its text over it, which is invisible, selected by a mouse and read by a screen reader.

import type { PDFPageProxy } from 'pdfjs-dist';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { formatNumber, text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './PdfPage.css?inline';
import type { Pdf } from './pdfjs.ts';
import { type Part, piecesOf, wordsOfPage } from './search.ts';
import { densityOf } from './zoom.ts';

adopt(styles);

export interface Size {
    width: number;
    height: number;
}

interface PdfPageProps {
    pdf: Pdf;
    number: number;
    /** In points. */
    size: Size;
    /** CSS pixels of a point. */
    scale: number;
    near: boolean;
    night: boolean;
    /** What was found on it; `chosen` is shown, too. */
    found: readonly (readonly Part[])[];
    chosen: number;
    onSize: (number: number, size: Size) => void;
}

interface Mark {
    left: number;
    top: number;
    width: number;
    height: number;
    chosen: boolean;
}

type Pieces = readonly (HTMLElement | undefined)[];

/** What is drawn: the pieces of the text, where each stands, and its words in the order of reading. */
interface Drawn {
    pieces: Pieces;
    words: string;
}

const NOTHING: Drawn = { pieces: [], words: '' };

/** Draws page and text; what is given back ends it. */
function draw(
    { pdf, number, scale, onSize }: PdfPageProps,
    into: { picture: HTMLElement; words: HTMLElement },
    told: (drawn: Drawn) => void,
): () => void {
    let over = false;
    let drawn: PDFPageProxy | null = null;
    const ends: (() => void)[] = [];
    const go = async () => {
        const page = await pdf.document.getPage(number);
        if (over) {
            return;
        }
        drawn = page;
        const viewport = page.getViewport({ scale });
        onSize(number, { width: viewport.width / scale, height: viewport.height / scale });
        const density = densityOf(viewport.width, viewport.height, devicePixelRatio);
        const canvas = document.createElement('canvas');
        canvas.width = Math.max(1, Math.floor(viewport.width * density));
        canvas.height = Math.max(1, Math.floor(viewport.height * density));
        const task = page.render({ canvas, viewport: page.getViewport({ scale: scale * density }) });
        ends.push(() => task.cancel());
        const [words] = await Promise.all([page.getTextContent(), task.promise]);
        if (over) {
            return;
        }
        into.picture.replaceChildren(canvas);
        into.words.replaceChildren();
        const layer = new pdf.library.TextLayer({
            textContentSource: words,
            container: into.words,
            viewport,
        });
        ends.push(() => layer.cancel());
        await layer.render();
        if (!over) {
            told({ pieces: layer.textDivs, words: wordsOfPage(piecesOf(words.items)).text });
        }
    };
    // A page that cannot be drawn stays white: the others can be.
    go().catch(() => {});
    return () => {
        over = true;
        for (const end of ends) {
            end();
        }
        drawn?.cleanup();
    };
}

function marksOf(
    box: HTMLElement,
    pieces: Pieces,
    found: readonly (readonly Part[])[],
    chosen: number,
): Mark[] {
    const whole = box.getBoundingClientRect();
    return found.flatMap((parts, index) =>
        parts.flatMap(({ piece, from, to }) => {
            const node = pieces[piece]?.firstChild;
            if (!(node instanceof Text)) {
                return [];
            }
            const range = document.createRange();
            range.setStart(node, Math.min(from, node.length));
            range.setEnd(node, Math.min(to, node.length));
            return [...range.getClientRects()].map((one) => ({
                left: (100 * (one.left - whole.left)) / whole.width,
                top: (100 * (one.top - whole.top)) / whole.height,
                width: (100 * one.width) / whole.width,
                height: (100 * one.height) / whole.height,
                chosen: index === chosen,
            }));
        }),
    );
}

export function PdfPage(props: PdfPageProps) {
    const { pdf, number, size, scale, near, found, chosen } = props;
    const box = useRef<HTMLElement>(null);
    const picture = useRef<HTMLDivElement>(null);
    const words = useRef<HTMLDivElement>(null);
    const [{ pieces, words: read }, setDrawn] = useState<Drawn>(NOTHING);
    const [marks, setMarks] = useState<readonly Mark[]>([]);
    useEffect(() => {
        if (!near || picture.current === null || words.current === null) {
            return;
        }
        const into = { picture: picture.current, words: words.current };
        const end = draw(props, into, setDrawn);
        return () => {
            end();
            setDrawn(NOTHING);
        };
    }, [pdf, number, near, scale]);
    // What is far away keeps nothing; while it is drawn anew in another size the old picture stands.
    useEffect(() => {
        if (!near) {
            picture.current?.replaceChildren();
            words.current?.replaceChildren();
        }
    }, [near]);
    useLayoutEffect(() => {
        setMarks(
            box.current === null || pieces.length === 0 ? [] : marksOf(box.current, pieces, found, chosen),
        );
    }, [pieces, found, chosen]);
    const first = marks.find((one) => one.chosen);
    useEffect(() => {
        if (first !== undefined) {
            box.current?.querySelector('.pdf-mark.is-chosen')?.scrollIntoView({ block: 'center' });
        }
    }, [first]);
    return (
        <section
            class={`pdf-page ${props.night ? 'is-night' : ''}`}
            ref={box}
            data-page={number}
            aria-label={text('paper.page_number', { page: formatNumber(number) })}
            style={{
                width: `${size.width * scale}px`,
                height: `${size.height * scale}px`,
                '--total-scale-factor': String(scale),
            }}
        >
            <div class="pdf-picture" ref={picture} aria-hidden="true" />
            <div class="pdf-marks" aria-hidden="true">
                {marks.map((mark, index) => (
                    <div
                        key={index}
                        class={`pdf-mark ${mark.chosen ? 'is-chosen' : ''}`}
                        style={{
                            left: `${mark.left}%`,
                            top: `${mark.top}%`,
                            width: `${mark.width}%`,
                            height: `${mark.height}%`,
                        }}
                    />
                ))}
            </div>
            {/* For the mouse, letter by letter where it stands; for a screen reader in the order of reading. */}
            <div class="pdf-words" dir="ltr" ref={words} aria-hidden="true" />
            <p class="pdf-read hidden-text" dir="auto">
                {read}
            </p>
        </section>
    );
}
