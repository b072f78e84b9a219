// A meeting in under a minute: what it is called is enough. Or the beginning of one out of another.

import { useEffect, useId, useState } from 'preact/hooks';
import { houseTitle } from '../areas/house_title.ts';
import type { Plan } from '../contract/generated.ts';
import { localized, pageLanguage, text } from '../i18n/index.ts';
import { navigate } from '../router/router.ts';
import { serverNow } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { addPlan, copyPlan, latestPlans, listBodies } from './api.ts';
import { copied } from './copied.ts';
import { planPath } from './Desk.tsx';
import { daysWords, ownZone } from './days.ts';
import { dayIn, isAhead } from './due.ts';
import { useLoaded } from './loaded.ts';
import styles from './NewMeeting.css?inline';
import { ChoiceField, PageHead, ProblemLine, SavingLine } from './Parts.tsx';
import { PlanForm } from './PlanForm.tsx';
import { emptyFields, faultOf, fieldsOf, type PlanFields, type Preset, wishOf } from './plan_wish.ts';
import { useSaving } from './saving.ts';
import { go, useUnsaved } from './unsaved.ts';

adopt(styles);

const PRESETS: readonly Preset[] = ['group', 'council'];

/** What is taken over from another meeting; its days are over. */
function begunFrom(plan: Plan | null, fields: PlanFields): PlanFields {
    const { first_day, last_day } = fields;
    return plan === null ? fields : { ...fieldsOf(plan, pageLanguage.value), first_day, last_day };
}

export function NewMeeting() {
    const [start] = useState(() => emptyFields(ownZone(), dayIn(ownZone(), serverNow())));
    const [fields, setFields] = useState<PlanFields>(() => begunFrom(copied.peek(), start));
    const [preset, setPreset] = useState<Preset>('group');
    const [from, setFrom] = useState<Plan | null>(() => copied.peek());
    const [said, setSaid] = useState('');
    const bodies = useLoaded(listBodies, 'bodies');
    const plans = useLoaded(latestPlans, 'latest');
    const saving = useSaving();
    const dirty = JSON.stringify(fields) !== JSON.stringify(start) && !saving.busy;
    const [made, setMade] = useState('');
    useUnsaved('new', dirty && made === '');
    useEffect(() => {
        houseTitle.value = text('house.new_meeting');
    });
    useEffect(
        () => () => {
            copied.value = null;
        },
        [],
    );
    // After the form has said that nothing is unsaved any more.
    useEffect(() => {
        if (made !== '') {
            navigate(planPath(made, from === null && preset === 'council' ? 'delegations' : 'people'));
        }
    }, [made]);
    const change = (part: Partial<PlanFields>) => setFields((before) => ({ ...before, ...part }));
    const choose = (wanted: Preset) => {
        setPreset(wanted);
        const first = bodies.value?.bodies.find((one) => one.parent === undefined) ?? bodies.value?.bodies[0];
        change(
            wanted === 'group'
                ? { body: '', form: 'remote' }
                : { body: fields.body || (first?.id ?? ''), form: 'hybrid' },
        );
    };
    const copy = (id: string) => {
        const plan = plans.value?.find((one) => one.id === id) ?? null;
        setFrom(plan);
        setFields(begunFrom(plan, fields));
    };
    const save = async () => {
        const fault = faultOf(fields);
        setSaid(fault === null ? '' : text(`house.fault_${fault}`));
        if (fault !== null || saving.busy) {
            return;
        }
        await saving.run(async () => {
            const wish = wishOf(fields);
            const { title, first_day, last_day } = wish;
            const plan =
                from === null
                    ? await addPlan(wish)
                    : await copyPlan(from.id, {
                          title,
                          ...(first_day === undefined ? {} : { first_day }),
                          ...(last_day === undefined ? {} : { last_day }),
                      });
            setMade(plan.id);
        });
    };
    return (
        <>
            <PageHead title={text('house.new_meeting')} />
            <form
                class="card new-form"
                noValidate
                aria-busy={saving.busy}
                onSubmit={(event) => {
                    event.preventDefault();
                    void save();
                }}
            >
                {from === null && <Presets preset={preset} choose={choose} />}
                <PlanForm
                    key={from?.id ?? ''}
                    fields={fields}
                    change={change}
                    bodies={bodies.value?.bodies ?? []}
                    making={from === null}
                    copying={from !== null}
                />
                <ProblemLine problem={bodies.problem} onAgain={() => void bodies.again()} />
                <CopyFrom plans={plans.value ?? []} from={from} choose={copy} />
                <SavingLine saving={saving} />
                <p role="alert" class="house-told">
                    {said !== '' && <span class="form-problem">{said}</span>}
                </p>
                <div class="new-keys">
                    <button type="button" class="button" onClick={() => go('/house')}>
                        {text('action.cancel')}
                    </button>
                    <button
                        type="submit"
                        class="button button-filled button-large"
                        aria-disabled={saving.busy}
                    >
                        {text(saving.busy ? 'house.saving' : 'house.make_meeting')}
                    </button>
                </div>
            </form>
        </>
    );
}

function Presets({ preset, choose }: { preset: Preset; choose: (preset: Preset) => void }) {
    const id = useId();
    return (
        <fieldset class="new-presets">
            <legend class="hidden-text">{text('house.preset')}</legend>
            {PRESETS.map((one) => (
                <label key={one} class={`new-preset${preset === one ? ' is-on' : ''}`}>
                    <input type="radio" name={id} checked={preset === one} onChange={() => choose(one)} />
                    <span>
                        <strong>{text(`house.preset_${one}`)}</strong>
                        <span class="small muted">{text(`house.preset_${one}_detail`)}</span>
                    </span>
                </label>
            ))}
        </fieldset>
    );
}

interface CopyFromProps {
    plans: readonly Plan[];
    from: Plan | null;
    choose: (id: string) => void;
}

function CopyFrom({ plans, from, choose }: CopyFromProps) {
    if (plans.length === 0 && from === null) {
        return null;
    }
    const all = from === null || plans.some((one) => one.id === from.id) ? plans : [from, ...plans];
    // Those that were held have what is worth copying.
    const sorted = [...all].sort((one, other) => Number(isAhead(one)) - Number(isAhead(other)));
    return (
        <ChoiceField
            label={text('house.copy_from')}
            value={from?.id ?? ''}
            options={[
                { value: '', words: text('house.copy_none') },
                ...sorted.map((plan) => ({
                    value: plan.id,
                    words: [localized(plan.title), daysWords(plan)].filter((one) => one !== '').join(' · '),
                })),
            ]}
            hint={text('house.copy_hint')}
            onChange={choose}
        />
    );
}
