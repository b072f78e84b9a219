// A change of what is heard is an event of loudness: from an interpreter to the floor, from one relay or language to another, within one
// millisecond, and a headset sits on the ear. What comes rises, what goes falls, and nothing bursts in louder than what was heard before.

/** How long the rise takes at first, ms. */
export const SOFT_MS = 300;
/** What goes is out of the way sooner: the server has changed the source already, and another voice is about to come in its place. */
const FALL_MAX_MS = 50;
/** Then what is louder than what was heard before rises to its own level. */
const LEVEL_MS = 2000;
/** Speech is what is louder than this, as mean power of full scale: the level between words is nobody's. */
const SPEECH_POWER = 1e-5;
/** How much of a new reading enters the level of a voice: with one in 60 ms, about a second and a half. */
const SHARE = 0.04;
/** Readings after a change of source that are of the voice before: what waits in the buffers is heard first. */
const READINGS_BEFORE = 8;

/** How loud a voice is, from readings that come at even times. */
export interface Voice {
    /** Mean power of full scale; 0 until it spoke. */
    power: number;
    /** Readings in which it spoke. */
    readings: number;
    /** Readings still to come that are of another voice. */
    before: number;
}

/** Gains to be reached one after the other, each so long after the one before. */
export interface Step {
    gain: number;
    ms: number;
}

/**
 * From the gain in force to the one wanted. `louder` says by which factor of amplitude what comes is louder than what was heard before;
 * 1 or less when it is not, or when that is not known.
 */
export function softSteps(from: number, to: number, softMs: number, louder: number): Step[] {
    if (to <= from) {
        return [{ gain: to, ms: Math.min(softMs, FALL_MAX_MS) }];
    }
    const first = louder > 1 ? Math.max(from, to / louder) : to;
    const rise = { gain: first, ms: softMs };
    return first < to ? [rise, { gain: to, ms: LEVEL_MS }] : [rise];
}

/** Another source in the same place: down, and up again as something that comes. */
export function softRenewal(to: number, softMs: number): Step[] {
    return [
        { gain: 0, ms: Math.min(softMs, FALL_MAX_MS) },
        { gain: to, ms: softMs },
    ];
}

/** Nobody has been heard yet. */
export function newVoice(): Voice {
    return { power: 0, readings: 0, before: 0 };
}

/** Another voice comes in this one's place: it is taken to be as loud until it has been heard itself. */
export function nextVoice(voice: Voice): Voice {
    return { power: voice.power, readings: 0, before: READINGS_BEFORE };
}

/** The level of a voice after another reading of mean power. The first count evenly, so that none of them weighs for seconds. */
export function heardVoice(voice: Voice, power: number): Voice {
    if (voice.before > 0) {
        return { ...voice, before: voice.before - 1 };
    }
    if (power < SPEECH_POWER) {
        return voice;
    }
    const readings = voice.readings + 1;
    const share = Math.max(SHARE, 1 / readings);
    return { power: voice.power + share * (power - voice.power), readings, before: 0 };
}
