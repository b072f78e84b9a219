// A PDF read in the page: its pages one below the other, drawn as they come near; how large, which page, and where words stand in it.

import { useComputed, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Icon } from '../elements/Icon.tsx';
import { mediaQuery } from '../elements/media_query.ts';
import '../elements/room_icons.ts';
import { theme } from '../elements/theme.ts';
import { formatNumber, formatPercent, text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { Finder } from './finding.ts';
import { PdfFind } from './PdfFind.tsx';
import { PdfPage, type Size } from './PdfPage.tsx';
import styles from './PdfPane.css?inline';
import { openPdf, type Pdf, type PdfFailure } from './pdfjs.ts';
import type { Part } from './search.ts';
import { POINT, scaleOf, stepFrom, ZOOMS, type Zoom } from './zoom.ts';

adopt(styles);

export interface PdfPaneProps {
    contents: Blob;
    title: string;
    /** Whether keys of the keyboard do something here; not at a desk whose keys are others. */
    keys: boolean;
    onSave: () => void;
    /** What stands before the keys. */
    children?: ComponentChildren;
}

const FAILED = {
    locked: 'paper.locked',
    broken: 'paper.broken',
    unable: 'paper.unable',
} as const;

export function PdfPane(props: PdfPaneProps) {
    const [pdf, setPdf] = useState<Pdf | PdfFailure | null>(null);
    useEffect(() => {
        setPdf(null);
        return openPdf(props.contents, { open: setPdf, failed: setPdf });
    }, [props.contents]);
    if (pdf === null) {
        return <p role="status">{text('paper.opening')}</p>;
    }
    if (typeof pdf === 'string') {
        return (
            <div class="pdf-failed">
                <p role="alert">{text(FAILED[pdf])}</p>
                <button type="button" class="button button-small" onClick={props.onSave}>
                    {text('paper.download')}
                </button>
            </div>
        );
    }
    return <Pages key={pdf.document.fingerprints[0]} pdf={pdf} {...props} />;
}

const deviceDark = mediaQuery('(prefers-color-scheme: dark)');

function nightNow(): boolean {
    return theme.value === 'system' ? deviceDark.value : theme.value === 'dark';
}

// A4, until a page says how large it is.
const A4: Size = { width: 595, height: 842 };
const NONE: readonly (readonly Part[])[] = [];

function Pages({ pdf, title, keys, onSave, children }: PdfPaneProps & { pdf: Pdf }) {
    const count = pdf.document.numPages;
    const place = useRef<HTMLElement>(null);
    const page = useSignal(1);
    const zoom = useSignal<Zoom>('fit');
    const night = useSignal<boolean | null>(null);
    const finds = useSignal(false);
    const room = useSignal(0);
    const [sizes, setSizes] = useState<ReadonlyMap<number, Size>>(new Map());
    const [near, setNear] = useState<ReadonlySet<number>>(new Set([1]));
    const finder = useMemo(() => new Finder(pdf), [pdf]);
    const { found, at } = finder.finding.value;
    const chosen = found[at];
    const sizeOf = (number: number) => sizes.get(number) ?? sizes.get(1) ?? A4;
    const scale = (number: number) => scaleOf(zoom.value, sizeOf(number).width, room.value);
    const dark = useComputed(() => night.value ?? nightNow());
    const boxOf = (number: number) => place.current?.querySelector<HTMLElement>(`[data-page="${number}"]`);

    useEffect(() => {
        const region = place.current;
        if (region === null) {
            return;
        }
        const widths = new ResizeObserver(() => {
            room.value = region.clientWidth - 2; // the border of a page
        });
        widths.observe(region);
        return () => widths.disconnect();
    }, []);
    const measured = room.value > 0;
    useEffect(() => {
        const region = place.current;
        if (region === null || !measured) {
            return;
        }
        // A page's height above and below is drawn, too.
        const seen = new IntersectionObserver(
            (changes) =>
                setNear((before) => {
                    const now = new Set(before);
                    for (const { target, isIntersecting } of changes) {
                        const number = Number((target as HTMLElement).dataset.page);
                        isIntersecting ? now.add(number) : now.delete(number);
                    }
                    return now;
                }),
            { root: region, rootMargin: '100% 0px' },
        );
        for (const one of region.querySelectorAll('.pdf-page')) {
            seen.observe(one);
        }
        return () => seen.disconnect();
    }, [measured]);
    useEffect(() => () => finder.stop(), [finder]);
    useEffect(() => {
        // Unless somebody writes meanwhile.
        if (document.activeElement?.matches('input, textarea, select') !== true) {
            place.current?.focus();
        }
    }, []);

    const go = (number: number) => {
        const wanted = Math.min(Math.max(Math.round(number), 1), count);
        page.value = wanted;
        const box = boxOf(wanted);
        if (place.current !== null && box) {
            place.current.scrollTop = box.offsetTop - place.current.offsetTop;
        }
    };
    useEffect(() => {
        if (chosen !== undefined) {
            go(chosen.page);
        }
    }, [chosen]);
    // The same words stay in sight when the pages become larger.
    const kept = useRef<{ page: number; part: number } | null>(null);
    const change = (to: Zoom) => {
        const box = boxOf(page.value);
        const region = place.current;
        if (box && region !== null) {
            const above = region.scrollTop - (box.offsetTop - region.offsetTop);
            kept.current = { page: page.value, part: above / Math.max(box.offsetHeight, 1) };
        }
        zoom.value = to;
    };
    useLayoutEffect(() => {
        const box = kept.current === null ? null : boxOf(kept.current.page);
        if (box && place.current !== null && kept.current !== null) {
            place.current.scrollTop =
                box.offsetTop - place.current.offsetTop + kept.current.part * box.offsetHeight;
        }
        kept.current = null;
    }, [zoom.value]);
    const shown = scale(page.value) / POINT;
    const step = (by: 1 | -1) => change(stepFrom(shown, by));
    const scrolled = () => {
        const region = place.current;
        if (region === null) {
            return;
        }
        const middle = region.scrollTop + region.offsetTop + region.clientHeight / 2;
        const boxes = [...region.querySelectorAll<HTMLElement>('.pdf-page')];
        const index = boxes.findIndex((one) => one.offsetTop + one.offsetHeight >= middle);
        page.value = index < 0 ? count : index + 1;
    };
    const pressed = (event: KeyboardEvent) => {
        const writes = event.target instanceof HTMLInputElement;
        if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f') {
            event.preventDefault();
            finds.value = true;
            return;
        }
        if (writes || event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }
        const does: Readonly<Record<string, () => void>> = {
            '+': () => step(1),
            '=': () => step(1),
            '-': () => step(-1),
            '0': () => change('fit'),
            Home: () => go(1),
            End: () => go(count),
        };
        if (does[event.key] !== undefined) {
            event.preventDefault();
            does[event.key]?.();
        }
    };
    return (
        // biome-ignore lint/a11y/noStaticElementInteractions: the keys of what stands in it.
        <div class="pdf" onKeyDown={keys ? pressed : undefined}>
            <div class="pdf-head">
                <div class="pdf-tools">
                    {children}
                    <PageField page={page.value} count={count} onGo={go} />
                    <span class="pdf-zoom">
                        <button
                            type="button"
                            class="button button-small"
                            aria-label={text('paper.zoom_out')}
                            title={text('paper.zoom_out')}
                            disabled={shown <= (ZOOMS[0] ?? 0)}
                            onClick={() => step(-1)}
                        >
                            <span aria-hidden="true">−</span>
                        </button>
                        <span class="pdf-shown">{formatPercent(shown)}</span>
                        <button
                            type="button"
                            class="button button-small"
                            aria-label={text('paper.zoom_in')}
                            title={text('paper.zoom_in')}
                            disabled={shown >= (ZOOMS.at(-1) ?? 0)}
                            onClick={() => step(1)}
                        >
                            <span aria-hidden="true">+</span>
                        </button>
                        <button
                            type="button"
                            class="button button-small pdf-fit"
                            aria-pressed={zoom.value === 'fit'}
                            onClick={() => change('fit')}
                        >
                            {text('paper.fit')}
                        </button>
                    </span>
                    <button
                        type="button"
                        class="button button-small"
                        aria-pressed={dark.value}
                        onClick={() => {
                            night.value = !dark.value;
                        }}
                    >
                        {text('paper.night')}
                    </button>
                    <button
                        type="button"
                        class="button button-small"
                        aria-expanded={finds.value}
                        onClick={() => {
                            finds.value = !finds.value;
                        }}
                    >
                        {text('paper.search')}
                    </button>
                    <button type="button" class="button button-small" onClick={onSave}>
                        {text('paper.download')}
                    </button>
                </div>
                {finds.value && (
                    <PdfFind
                        finder={finder}
                        from={page.value}
                        onClose={() => {
                            finds.value = false;
                            finder.stop();
                            place.current?.focus();
                        }}
                    />
                )}
            </div>
            <section
                class="pdf-pages"
                ref={place}
                // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
                tabIndex={0}
                aria-label={title}
                onScroll={scrolled}
            >
                {measured &&
                    Array.from({ length: count }, (_, index) => index + 1).map((number) => (
                        <PdfPage
                            key={number}
                            pdf={pdf}
                            number={number}
                            size={sizeOf(number)}
                            scale={scale(number)}
                            near={near.has(number)}
                            night={dark.value}
                            found={
                                found.length === 0
                                    ? NONE
                                    : found.filter((one) => one.page === number).map((one) => one.parts)
                            }
                            chosen={
                                chosen?.page === number
                                    ? found.filter((one) => one.page === number).indexOf(chosen)
                                    : -1
                            }
                            onSize={(one, size) =>
                                setSizes((before) =>
                                    before.get(one)?.width === size.width &&
                                    before.get(one)?.height === size.height
                                        ? before
                                        : new Map(before).set(one, size),
                                )
                            }
                        />
                    ))}
            </section>
        </div>
    );
}

// "Page [3] of 12": what is written there is gone to.
function PageField({ page, count, onGo }: { page: number; count: number; onGo: (page: number) => void }) {
    const go = (field: HTMLInputElement) => {
        const wanted = Math.round(Number(field.value));
        const known = wanted >= 1 ? Math.min(wanted, count) : page; // not a number: where one is
        field.value = String(known);
        onGo(known);
    };
    return (
        <span class="pdf-where">
            <button
                type="button"
                class="button button-small button-icon"
                aria-label={text('paper.earlier')}
                disabled={page <= 1}
                onClick={() => onGo(page - 1)}
            >
                <Icon name="up" size={16} />
            </button>
            <button
                type="button"
                class="button button-small button-icon"
                aria-label={text('paper.later')}
                disabled={page >= count}
                onClick={() => onGo(page + 1)}
            >
                <Icon name="down" size={16} />
            </button>
            <label class="pdf-page-field">
                <span>{text('paper.page')}</span>
                <input
                    class="input"
                    type="text"
                    inputMode="numeric"
                    size={4}
                    value={String(page)}
                    onChange={(event) => go(event.currentTarget)}
                    onKeyDown={(event) => {
                        if (event.key === 'Enter') {
                            go(event.currentTarget);
                        }
                    }}
                />
                <span>{text('paper.of', { count: formatNumber(count) })}</span>
            </label>
        </span>
    );
}
