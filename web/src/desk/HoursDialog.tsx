// The hours sheet: each interpreter's time on the air, with the turn that is under way; to be printed.

import { clockNow } from '../areas/clock.ts';
import { ReportCard } from '../areas/ReportCard.tsx';
import { arrangesTeam } from '../areas/TeamDialog.tsx';
import type { Hours } from '../contract/generated.ts';
import { Dialog } from '../elements/Dialog.tsx';
import { minutesAndSeconds } from '../elements/duration.ts';
import { Icon } from '../elements/Icon.tsx';
import { formatNumber, isPageLanguage, languageName, text } from '../i18n/index.ts';
import { placeOf } from '../state/desk.ts';
import { meeting } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { closeDialog } from './dialogs.ts';
import styles from './HoursDialog.css?inline';

adopt(styles);

export function HoursDialog() {
    const hours = meeting.value?.hours ?? [];
    return (
        <Dialog title={text('hours.title')} onClose={closeDialog}>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
            <section class="table-scroll hours" data-print tabIndex={0} aria-label={text('hours.title')}>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{text('capacity.interpreter')}</th>
                            <th scope="col">{text('hours.booth')}</th>
                            <th scope="col" class="table-number">
                                {text('hours.air')}
                            </th>
                            <th scope="col" class="table-number">
                                {text('hours.turns')}
                            </th>
                        </tr>
                    </thead>
                    <tbody>
                        {hours.map((line) => (
                            <Line key={line.participant} line={line} />
                        ))}
                    </tbody>
                </table>
            </section>
            {arrangesTeam() && <ReportCard />}
            <div class="dialog-actions">
                <button type="button" class="button" onClick={() => window.print()}>
                    <Icon name="print" />
                    <span>{text('action.print')}</span>
                </button>
            </div>
        </Dialog>
    );
}

function Line({ line }: { line: Hours }) {
    const desk = placeOf(meeting.value, line.participant)?.desk;
    const since = desk?.microphone === 'off' ? 0 : (desk?.opened_at ?? 0);
    const running = since > 0 ? Math.max(0, clockNow() - since) : 0;
    return (
        <tr>
            <th scope="row">
                <bdi dir="auto">{line.name}</bdi>
            </th>
            <td>{isPageLanguage(line.language) ? languageName(line.language) : ''}</td>
            <td class="table-number">
                <bdi dir="ltr">{minutesAndSeconds(line.air_ms + running)}</bdi>
            </td>
            <td class="table-number">{formatNumber(line.turns + (since > 0 ? 1 : 0))}</td>
        </tr>
    );
}
