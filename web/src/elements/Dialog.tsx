// A dialog over the page, on the browser's own <dialog>: it keeps the focus inside, closes with Escape and gives the
// focus back to what opened it. On a phone it is a sheet from below.

import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { CloseKey } from './CloseKey.tsx';
import styles from './Dialog.css?inline';

adopt(styles);

interface DialogProps {
    title: string;
    onClose: () => void;
    children: ComponentChildren;
    kind?: 'sheet' | 'question' | 'wide';
}

export function Dialog({ title, onClose, children, kind = 'sheet' }: DialogProps) {
    const element = useRef<HTMLDialogElement>(null);
    const opener = useRef<Element | null>(null);
    const heading = useId();
    useEffect(() => {
        opener.current = document.activeElement;
        const dialog = element.current;
        dialog?.showModal();
        return () => {
            dialog?.close();
            if (opener.current instanceof HTMLElement && opener.current.isConnected) {
                opener.current.focus();
            }
        };
    }, []);
    return (
        // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the key, the browser's own.
        <dialog
            ref={element}
            class={`dialog dialog-${kind}${kind === 'wide' ? ' dialog-sheet' : ''}`}
            aria-labelledby={heading}
            onCancel={(event) => {
                event.preventDefault();
                onClose();
            }}
            onClick={(event) => {
                // A press on the veil, which belongs to the dialog element itself.
                if (event.target === event.currentTarget) {
                    onClose();
                }
            }}
        >
            <div class="dialog-body">
                <div class="dialog-head">
                    <h2 id={heading}>{title}</h2>
                    <CloseKey onPress={onClose} />
                </div>
                {children}
            </div>
        </dialog>
    );
}

interface QuestionProps {
    title: string;
    detail: string;
    confirm: string;
    onConfirm: () => void;
    onClose: () => void;
}

// Asks before something that cannot be taken back. The focus begins on Cancel.
export function Question({ title, detail, confirm, onConfirm, onClose }: QuestionProps) {
    return (
        <Dialog title={title} onClose={onClose} kind="question">
            <p>{detail}</p>
            <div class="dialog-actions">
                {/* biome-ignore lint/a11y/noAutofocus: inside a dialog, the harmless answer is where the focus belongs. */}
                <button type="button" class="button" autoFocus onClick={onClose}>
                    {text('action.cancel')}
                </button>
                <button
                    type="button"
                    class="button button-grave"
                    onClick={() => {
                        onConfirm();
                        onClose();
                    }}
                >
                    {confirm}
                </button>
            </div>
        </Dialog>
    );
}
