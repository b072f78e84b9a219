// The fields of a meeting: what it is called, whose it is, when, where and how people take part.

import { useId } from 'preact/hooks';
import type { Body } from '../contract/generated.ts';
import { MEETING_FORM_VALUES } from '../contract/generated.ts';
import { localized, text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { zones } from './days.ts';
import { LocalizedField } from './LocalizedField.tsx';
import { ChoiceField, TextField } from './Parts.tsx';
import styles from './PlanForm.css?inline';
import type { PlanFields } from './plan_wish.ts';

adopt(styles);

interface PlanFormProps {
    fields: PlanFields;
    change: (part: Partial<PlanFields>) => void;
    bodies: readonly Body[];
    /** What is for good is chosen while the meeting is made. */
    making: boolean;
    /** Out of another, which says the rest. */
    copying?: boolean;
}

export function PlanForm({ fields, change, bodies, making, copying = false }: PlanFormProps) {
    return (
        <>
            <LocalizedField
                label={text('house.field_title')}
                value={fields.title}
                most={159}
                onInput={(title) => change({ title })}
            />
            <div class="plan-pair">
                <TextField
                    label={text('house.field_first_day')}
                    type="date"
                    most={10}
                    value={fields.first_day}
                    onInput={(first_day) =>
                        change({
                            first_day,
                            // A meeting of one day stays one.
                            ...(fields.last_day === fields.first_day || fields.last_day < first_day
                                ? { last_day: first_day }
                                : {}),
                        })
                    }
                />
                <TextField
                    label={text('house.field_last_day')}
                    type="date"
                    most={10}
                    value={fields.last_day}
                    onInput={(last_day) => change({ last_day })}
                />
            </div>
            {!copying && <Where fields={fields} change={change} bodies={bodies} />}
            {making && <ForGood fields={fields} change={change} />}
        </>
    );
}

function Where({ fields, change, bodies }: Pick<PlanFormProps, 'fields' | 'change' | 'bodies'>) {
    return (
        <>
            <div class="plan-pair">
                <ChoiceField
                    label={text('house.field_zone')}
                    value={fields.zone}
                    options={zones(fields.zone).map((value) => ({
                        value,
                        words: value.replaceAll('_', ' '),
                    }))}
                    onChange={(zone) => change({ zone })}
                />
                <ChoiceField
                    label={text('house.field_body')}
                    value={fields.body}
                    options={[
                        { value: '', words: text('house.no_body') },
                        ...bodies.map((body) => ({
                            value: body.id,
                            words: `${body.code} · ${localized(body.name)}`,
                        })),
                    ]}
                    onChange={(body) => change({ body })}
                />
            </div>
            <div class="plan-pair">
                <ChoiceField
                    label={text('house.field_form')}
                    value={fields.form}
                    options={MEETING_FORM_VALUES.map((value) => ({
                        value,
                        words: text(`house.form_${value}`),
                    }))}
                    onChange={(form) => change({ form })}
                />
                {fields.form !== 'remote' && (
                    <TextField
                        label={text('house.field_place')}
                        value={fields.place}
                        most={120}
                        onInput={(place) => change({ place })}
                    />
                )}
            </div>
        </>
    );
}

function ForGood({ fields, change }: Pick<PlanFormProps, 'fields' | 'change'>) {
    const id = useId();
    return (
        <fieldset class="plan-good">
            <legend>{text('house.for_good')}</legend>
            {([1, 2] as const).map((count) => (
                <label key={count} class="tick">
                    <input
                        type="radio"
                        name={`${id}-microphones`}
                        checked={fields.microphones === count}
                        onChange={() => change({ microphones: count })}
                    />
                    <span>{text('house.microphones', { count })}</span>
                </label>
            ))}
            <label class="tick">
                <input
                    type="checkbox"
                    checked={fields.rehearsal}
                    onChange={(event) => change({ rehearsal: event.currentTarget.checked })}
                />
                <span>{text('house.rehearsal')}</span>
            </label>
        </fieldset>
    );
}
