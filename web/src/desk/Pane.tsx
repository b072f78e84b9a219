// A part of the desk that can stand in a window of its own.

import { type ComponentChildren, createPortal } from 'preact';
import { useEffect } from 'preact/hooks';
import { Icon } from '../elements/Icon.tsx';
import { text } from '../i18n/index.ts';
import { meeting } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { DeskPanel } from './DeskPanel.tsx';
import styles from './Pane.css?inline';
import { type PaneName, panes } from './panes.ts';

adopt(styles);

interface PaneProps {
    name: PaneName;
    title: string;
    class: string;
    // Beside the heading.
    tools?: ComponentChildren;
    children: ComponentChildren;
}

export function Pane({ name, title, class: more, tools, children }: PaneProps) {
    const other = panes.windowOf(name);
    const heading = `desk-${name}`;
    useEffect(() => {
        if (other !== undefined) {
            other.document.title = `${title} · ${meeting.value?.id ?? ''}`;
        }
    }, [other, title]);
    const body = (
        <DeskPanel class={more} heading={heading}>
            <header class="section-head">
                <h2 id={heading}>{title}</h2>
                <span class="pane-tools">
                    {tools}
                    <button
                        type="button"
                        class="button button-quiet button-icon pane-key"
                        aria-label={text(other === undefined ? 'pane.detach' : 'pane.attach', { title })}
                        title={text(other === undefined ? 'pane.detach' : 'pane.attach', { title })}
                        onClick={() => panes.toggle(name)}
                    >
                        <Icon name={other === undefined ? 'window' : 'window_back'} size={18} />
                    </button>
                </span>
            </header>
            {children}
        </DeskPanel>
    );
    if (other === undefined) {
        return body;
    }
    return (
        <>
            <DeskPanel class={`${more} pane-away`} label={title}>
                <p class="empty">{text('pane.away', { title })}</p>
                <button type="button" class="button button-small" onClick={() => panes.toggle(name)}>
                    {text('pane.attach', { title })}
                </button>
            </DeskPanel>
            {createPortal(<main class="pane-window">{body}</main>, other.document.body)}
        </>
    );
}
