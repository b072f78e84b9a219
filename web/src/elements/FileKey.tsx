// Choosing a file by a key in the page's own words: the browser's own speaks the browser's language.

import { text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './FileKey.css?inline';
import { Icon } from './Icon.tsx';

adopt(styles);

interface FileKeyProps {
    // What the file is for, for those who do not see the heading above.
    words: string;
    accept: string;
    // Of the file that was chosen; empty for none.
    name: string;
    onFile: (file: File | undefined) => void;
}

export function FileKey({ words, accept, name, onFile }: FileKeyProps) {
    return (
        <span class="file-choice">
            <label class="button file-key">
                <input
                    class="hidden-text"
                    type="file"
                    accept={accept}
                    aria-label={words}
                    onChange={(event) => onFile(event.currentTarget.files?.[0])}
                />
                <Icon name="plus" size={18} />
                <span aria-hidden="true">{text('documents.choose_file')}</span>
            </label>
            <bdi>{name}</bdi>
        </span>
    );
}
