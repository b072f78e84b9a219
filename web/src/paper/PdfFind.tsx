// The field in which words are looked for in a PDF, how often they were found, and the ways to the next.

import { useEffect, useRef } from 'preact/hooks';
import { CloseKey } from '../elements/CloseKey.tsx';
import { Icon } from '../elements/Icon.tsx';
import { formatNumber, text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { type Finder, type Finding, FOUND_MAX } from './finding.ts';
import styles from './PdfFind.css?inline';

adopt(styles);

function words({ query, found, at, searching, words: any }: Finding): string {
    if (query.trim() === '') {
        return '';
    }
    if (found.length === 0) {
        return text(searching ? 'paper.searching' : any ? 'paper.not_found' : 'paper.no_words');
    }
    const values = { at: formatNumber(at + 1), count: formatNumber(found.length) };
    return text(searching || found.length === FOUND_MAX ? 'paper.found_more' : 'paper.found', values);
}

export function PdfFind({ finder, from, onClose }: { finder: Finder; from: number; onClose: () => void }) {
    const field = useRef<HTMLInputElement>(null);
    const finding = finder.finding.value;
    const none = finding.found.length === 0;
    useEffect(() => field.current?.focus(), []);
    return (
        <search class="pdf-find">
            <input
                ref={field}
                class="input"
                type="search"
                dir="auto"
                maxLength={200}
                aria-label={text('paper.search_for')}
                placeholder={text('paper.search_for')}
                value={finding.query}
                onInput={(event) => void finder.look(event.currentTarget.value, from)}
                onKeyDown={(event) => {
                    if (event.key === 'Enter') {
                        event.preventDefault();
                        finder.step(event.shiftKey ? -1 : 1);
                    } else if (event.key === 'Escape') {
                        // Closes the search and not what it stands in.
                        event.preventDefault();
                        event.stopPropagation();
                        onClose();
                    }
                }}
            />
            <button
                type="button"
                class="button button-small button-icon"
                aria-label={text('paper.found_earlier')}
                disabled={none}
                onClick={() => finder.step(-1)}
            >
                <Icon name="up" size={16} />
            </button>
            <button
                type="button"
                class="button button-small button-icon"
                aria-label={text('paper.found_later')}
                disabled={none}
                onClick={() => finder.step(1)}
            >
                <Icon name="down" size={16} />
            </button>
            <span class="pdf-found small" role="status">
                {words(finding)}
            </span>
            <CloseKey onPress={onClose} />
        </search>
    );
}
