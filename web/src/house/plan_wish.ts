// A meeting as a form has it, and as the server is asked for it.
import type { MeetingForm, MeetingLife, Plan, PlanWish } from '../contract/generated.ts';
import type { PageLanguage } from '../i18n/index.ts';
import { filled, givenOf, isEmpty, type Six } from './six.ts';

export interface PlanFields {
    title: Six;
    body: string;
    first_day: string;
    last_day: string;
    zone: string;
    form: MeetingForm;
    place: string;
    microphones: 1 | 2;
    rehearsal: boolean;
}

/** A small working group with no delegations, or a council with delegations and booths. */
export type Preset = 'group' | 'council';

export function emptyFields(zone: string, today: string): PlanFields {
    return {
        title: {},
        body: '',
        first_day: today,
        last_day: today,
        zone,
        form: 'remote',
        place: '',
        microphones: 2,
        rehearsal: false,
    };
}

export function fieldsOf(plan: Plan, own: PageLanguage): PlanFields {
    return {
        title: givenOf(plan.title, own),
        body: plan.body ?? '',
        first_day: plan.first_day ?? '',
        last_day: plan.last_day ?? '',
        zone: plan.zone ?? 'UTC',
        form: plan.form,
        place: plan.place ?? '',
        microphones: plan.floor_microphones_max === 1 ? 1 : 2,
        rehearsal: plan.rehearsal === true,
    };
}

export function wishOf(fields: PlanFields, life?: MeetingLife): PlanWish {
    const { body, first_day, zone, place } = fields;
    // One day is a first and a last.
    const last_day = first_day === '' ? '' : fields.last_day || first_day;
    const given = { body, first_day, last_day, zone, place: place.trim() };
    return {
        title: filled(fields.title),
        ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')),
        form: fields.form,
        floor_microphones_max: fields.microphones,
        rehearsal: fields.rehearsal,
        ...(life === undefined ? {} : { life }),
    };
}

/** Why it cannot be asked for; null when it can. */
export function faultOf({ title, first_day, last_day }: PlanFields): 'no_title' | 'days_order' | null {
    if (isEmpty(title)) {
        return 'no_title';
    }
    return first_day !== '' && last_day !== '' && last_day < first_day ? 'days_order' : null;
}
