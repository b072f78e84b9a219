// Below a field for people's words: how many characters there are, of how many there can be.

import { text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { countCharacters } from './characters.ts';
import styles from './WordsCount.css?inline';

adopt(styles);

interface WordsCountProps {
    words: string;
    most: number;
}

export function WordsCount({ words, most }: WordsCountProps) {
    const count = countCharacters(words);
    return (
        <span class={`words-count${count > most ? ' is-over' : ''}`} aria-live="polite">
            {text('field.count', { count, most })}
        </span>
    );
}

/** Whether the server would take it; a field that says why when it would not keeps its form from being sent. */
export function fits(words: string, most: number): boolean {
    return countCharacters(words) <= most;
}
