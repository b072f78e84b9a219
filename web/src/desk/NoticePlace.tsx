// A place of its own for what is to be known now or is wrong: as high with nothing in it as with much, so that no key moves. It shows the
// gravest; how many more there are stands beside it, and a press shows them all.

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Dialog } from '../elements/Dialog.tsx';
import type { IconName } from '../elements/Icon.tsx';
import { formatNumber, text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { DeskNotice } from './DeskNotice.tsx';
import styles from './NoticePlace.css?inline';

adopt(styles);

export interface Noticed {
    // Tells it from the others.
    key: string;
    tone?: 'plain' | 'warn' | 'alarm';
    icon?: IconName;
    words: string;
    role?: 'alert';
    // What one can do about it at once.
    action?: ComponentChildren;
}

interface NoticePlaceProps {
    // The gravest first.
    list: readonly Noticed[];
    class: string;
    // What stands there when there is nothing to say.
    children?: ComponentChildren;
}

export function NoticePlace({ list, class: more, children }: NoticePlaceProps) {
    const all = useSignal(false);
    const [first, ...rest] = list;
    return (
        <div class={`notice-lines ${more}`}>
            {first === undefined ? children : <OneNotice notice={first} most={rest.length} all={all} />}
            {rest.map((one) => (
                <p key={one.key} class="hidden-text" role={one.role}>
                    {one.words}
                </p>
            ))}
            {all.value && list.length > 1 && (
                <Dialog
                    title={text('desk.notices')}
                    onClose={() => {
                        all.value = false;
                    }}
                >
                    {list.map((one) => (
                        <DeskNotice key={one.key} tone={one.tone} icon={one.icon}>
                            <span>{one.words}</span>
                        </DeskNotice>
                    ))}
                </Dialog>
            )}
        </div>
    );
}

function OneNotice(props: { notice: Noticed; most: number; all: { value: boolean } }) {
    const { notice, most, all } = props;
    return (
        <DeskNotice key={notice.key} tone={notice.tone} icon={notice.icon} role={notice.role}>
            <span title={notice.words}>{notice.words}</span>
            {notice.action}
            {most > 0 && (
                <button
                    type="button"
                    class="button button-small"
                    aria-haspopup="dialog"
                    aria-label={text('desk.notices_more', { count: most })}
                    title={text('desk.notices_more', { count: most })}
                    onClick={() => {
                        all.value = true;
                    }}
                >
                    <bdi dir="ltr">+{formatNumber(most)}</bdi>
                </button>
            )}
        </DeskNotice>
    );
}
