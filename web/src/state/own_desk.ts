// One's own desk as far as every page must know it: where it is, what is in its ears, whether its microphone opens. desk.ts has the rest.
import { computed, type ReadonlySignal } from '@preact/signals';
import type { Booth, ChannelId, Desk, Handover, Meeting, Microphone } from '../contract/generated.ts';
import { deskHears } from './booths.ts';
import { me, meeting } from './store.ts';

/** A desk and its booth. */
export interface Place {
    booth: Booth;
    desk: Desk;
}

/** Where a person sits; null for who has no desk. */
export function placeOf(now: Meeting | null, participant: string | undefined): Place | null {
    for (const booth of now?.booths ?? []) {
        const desk = booth.desks.find((one) => one.participant === participant);
        if (desk !== undefined) {
            return { booth, desk };
        }
    }
    return null;
}

/** This page's own desk; null for who is no interpreter. */
export const ownPlace: ReadonlySignal<Place | null> = computed(() => placeOf(meeting.value, me.value?.id));

/** Since when this desk's microphone opens: it was pressed, and is on the air once it is heard. 0: it does not, or is on the air already. */
export const deskOpening: ReadonlySignal<number> = computed(() => {
    const desk = ownPlace.value?.desk;
    return desk?.microphone === 'off' ? (desk.opening_since ?? 0) : 0;
});
export const deskOpens: ReadonlySignal<boolean> = computed(() => deskOpening.value > 0);

/** The channel in this desk's ears; the floor when none stands in for it. */
export const heardChannel: ReadonlySignal<ChannelId> = computed(() => {
    const place = ownPlace.value;
    const now = meeting.value;
    return place === null || now === null ? 'floor' : deskHears(now, place.booth, place.desk);
});

/** Levels at the desk before one's own gains. */
export interface DeskMix {
    floor: number;
    relay: number;
    boothmate: number;
}

/** How much of the floor stays behind the partner while a handover is agreed. */
export const FLOOR_BEHIND = 0.25;

/**
 * What the desk plays. A channel that carries the floor is heard by the floor slots, nearer by one hop. While one is about to take over,
 * the partner is in front and the source behind; on the air one's own booth is not heard.
 */
export function deskMix(facts: {
    hears: ChannelId;
    carriesFloor: boolean;
    microphone: Microphone;
    takingOver: boolean;
    monitored: boolean;
}): DeskMix {
    const relayed = facts.hears !== 'floor' && !facts.carriesFloor;
    const source = facts.takingOver ? FLOOR_BEHIND : 1;
    const partner = facts.takingOver || (facts.monitored && facts.microphone === 'off');
    return { floor: relayed ? 0 : source, relay: relayed ? source : 0, boothmate: partner ? 1 : 0 };
}

/** Whether this person is about to be handed the microphone. */
export function takesOver(handover: Handover, participant: string): boolean {
    return (handover.state === 'armed' || handover.state === 'switching') && handover.to === participant;
}
