// A spreadsheet into the meeting, and out of it. A file is looked at whole by the server before anything is added: every fault is named by row
// and column, as the spreadsheet counts.

import { useState } from 'preact/hooks';
import type { ImportFault, ImportReport, Plan } from '../contract/generated.ts';
import { FileKey } from '../elements/FileKey.tsx';
import { Icon } from '../elements/Icon.tsx';
import { gap, hasWords, type MessageKey, pageLanguage, text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { readTable, sendTable, type Table } from './api.ts';
import { FormDialog, fieldWords, ProblemLine, StateMark } from './Parts.tsx';
import { ChangedMeanwhile, useSaving } from './saving.ts';
import styles from './TableDialog.css?inline';

adopt(styles);

const FORMS = ['xlsx', 'csv'] as const;

// Why a file cannot be read at all: the server tells more apart than somebody who has the file needs.
const FILE_WORDS: Readonly<Record<string, MessageKey>> = {
    empty: 'house.file_empty',
    encoding: 'house.file_encoding',
    'old-excel': 'house.file_locked',
    locked: 'house.file_locked',
    'file-large': 'house.file_large',
    'rows-many': 'house.file_large',
    'columns-many': 'house.file_large',
    'cells-many': 'house.file_large',
    'cell-long': 'house.file_large',
    'text-long': 'house.file_large',
    'strings-many': 'house.file_large',
};

function refusedWords(reason: string, most: number): string {
    const key = `refusal.${reason}`;
    return hasWords(key)
        ? text(key, { most, came: 0, name: '' })
        : text('house.import_refused', { field: reason, most });
}

export function faultWords({ why, field = '', reason = '', most = 0 }: ImportFault): string {
    if (why === 'file') {
        return text(FILE_WORDS[reason] ?? 'house.file_damaged');
    }
    return why === 'refused'
        ? refusedWords(reason, most)
        : text(`house.import_${why}`, { field: fieldWords(field), most });
}

function placeWords({ row, column }: ImportFault): string {
    if (row === 0) {
        return column === undefined ? text('house.in_file') : text('house.in_column', { column });
    }
    return column === undefined ? text('house.in_row', { row }) : text('house.in_cell', { row, column });
}

interface TableDialogProps {
    plan: Plan;
    table: Table;
    changed: () => Promise<void>;
    onClose: () => void;
}

export function TableDialog({ plan, table, changed, onClose }: TableDialogProps) {
    const [file, setFile] = useState<File | null>(null);
    const [report, setReport] = useState<ImportReport | null>(null);
    const good = report !== null && report.fault_count === 0 && report.rows > 0;
    const send = async (dry: boolean) => {
        if (file === null) {
            return;
        }
        const found = await sendTable(plan.id, table, file, dry);
        setReport(found);
        if (!dry) {
            await changed();
            if (found.fault_count > 0) {
                throw new ChangedMeanwhile(); // it was good when it was looked at
            }
        }
    };
    return (
        <FormDialog
            title={text('house.table')}
            submit={text(good ? 'house.add_rows' : 'house.check_file', { count: report?.rows ?? 0 })}
            dirty={file !== null}
            unable={file === null ? text('house.no_file') : ''}
            wide
            stays={!good}
            onSave={() => send(!good)}
            onClose={onClose}
        >
            <Export plan={plan} table={table} />
            <h3>{text('house.import')}</h3>
            <p>{text('house.import_hint')}</p>
            <FileKey
                words={text('house.import')}
                accept=".csv,.xlsx,text/csv"
                name={file?.name ?? ''}
                onFile={(chosen) => {
                    setFile(chosen ?? null);
                    setReport(null);
                }}
            />
            <div role="status">{report !== null && <Report report={report} />}</div>
        </FormDialog>
    );
}

function Report({ report: { rows, faults, fault_count: count } }: { report: ImportReport }) {
    return (
        <>
            <StateMark
                tone={count === 0 && rows > 0 ? 'good' : 'warn'}
                words={
                    count === 0
                        ? text('house.rows_good', { count: rows })
                        : text('house.rows_bad', { count, rows })
                }
            />
            <ol class="table-faults">
                {faults.map((fault) => (
                    <li key={`${fault.row}/${fault.column ?? ''}/${fault.why}/${fault.field ?? ''}`}>
                        <Icon name="warning" size={18} />
                        <span>
                            <strong>{placeWords(fault)}</strong>
                            {gap()}
                            {faultWords(fault)}
                        </span>
                    </li>
                ))}
            </ol>
            {count > faults.length && <p>{text('house.more_faults', { count: count - faults.length })}</p>}
        </>
    );
}

function Export({ plan, table }: Pick<TableDialogProps, 'plan' | 'table'>) {
    const saving = useSaving();
    const take = (form: (typeof FORMS)[number]) =>
        void saving.run(async () => {
            const address = URL.createObjectURL(await readTable(plan.id, table, form, pageLanguage.value));
            const link = document.createElement('a');
            link.href = address;
            link.download = `${plan.id}-${table}.${form}`;
            link.click();
            URL.revokeObjectURL(address);
        });
    return (
        <>
            <h3>{text('house.export')}</h3>
            <div class="table-keys">
                {FORMS.map((form) => (
                    <button
                        key={form}
                        type="button"
                        class="button"
                        aria-disabled={saving.busy}
                        onClick={() => !saving.busy && take(form)}
                    >
                        {text(form === 'xlsx' ? 'house.as_xlsx' : 'house.as_csv')}
                    </button>
                ))}
            </div>
            <ProblemLine problem={saving.problem} />
        </>
    );
}
