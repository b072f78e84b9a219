// The printed key map: seen on paper only. The keys in their groups, as they stand on the desk.

import type { Shortcut } from '../elements/shortcuts.ts';
import { localized, text } from '../i18n/index.ts';
import { meeting } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './KeyMap.css?inline';

adopt(styles);

const GROUPS = ['desk.speak', 'desk.listen', 'desk.handover', 'desk.signals', 'desk.windows'] as const;

export function KeyMap({ keys }: { keys: readonly Shortcut[] }) {
    const now = meeting.value;
    return (
        <section class="key-map" aria-hidden="true">
            <h2>{text('keymap.title')}</h2>
            {now !== null && <p>{localized(now.title)}</p>}
            <div class="key-map-groups">
                {GROUPS.map((group) => (
                    <table key={group} class="key-map-group">
                        <caption>{text(group)}</caption>
                        <tbody>
                            {keys
                                .filter((one) => one.group === group)
                                .map((one) => (
                                    <tr key={one.legend}>
                                        <th scope="row">
                                            <bdi dir="ltr">
                                                {one.legend.split(' ').map((legend) => (
                                                    <kbd key={legend}>
                                                        {legend === 'Space'
                                                            ? text('shortcuts.space')
                                                            : legend}
                                                    </kbd>
                                                ))}
                                            </bdi>
                                        </th>
                                        <td>{text(one.words)}</td>
                                    </tr>
                                ))}
                        </tbody>
                    </table>
                ))}
            </div>
            <p>{text('keymap.shift')}</p>
        </section>
    );
}
