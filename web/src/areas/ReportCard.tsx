// The meeting's report on interpretation, to keep: on paper in the page's language, and as signed JSON.

import { useSignal } from '@preact/signals';
import { pageLanguage, text } from '../i18n/index.ts';
import { requestReport } from '../live/contents.ts';
import { session } from '../state/store.ts';
import { menuReport } from './menu_parts.ts';

export function ReportCard() {
    const phase = useSignal<'idle' | 'working' | 'failed'>('idle');
    const fetchReport = async (form: 'pdf' | 'json') => {
        const token = session.value?.token;
        const meeting = session.value?.meeting;
        if (token === undefined || meeting === undefined || phase.value === 'working') {
            return;
        }
        phase.value = 'working';
        try {
            const report = await requestReport(token, meeting, form, pageLanguage.value);
            const address = URL.createObjectURL(report);
            const link = document.createElement('a');
            link.href = address;
            link.download = `${meeting}-report.${form}`;
            link.click();
            URL.revokeObjectURL(address);
            phase.value = 'idle';
        } catch {
            phase.value = 'failed';
        }
    };
    return (
        <section class="card" aria-labelledby="report-heading">
            <h2 id="report-heading">{text('report.title')}</h2>
            <p>{text('report.about')}</p>
            <div class="gavel-keys">
                <button type="button" class="button" onClick={() => void fetchReport('pdf')}>
                    {text('report.pdf')}
                </button>
                <button type="button" class="button" onClick={() => void fetchReport('json')}>
                    {text('report.json')}
                </button>
            </div>
            <p role="status">
                {phase.value === 'working' && text('report.working')}
                {phase.value === 'failed' && text('report.failed')}
            </p>
        </section>
    );
}

// It is asked for once in a meeting: the menu is its place, on each console that brings it.
menuReport.value = ReportCard;
