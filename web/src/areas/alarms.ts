// What an interpreter must see at once, in the place of the desk where the hand is: the own microphone that is not heard, the partner's,
// a press that nothing came of, a language that nobody serves. The technician sees the same.

import type { Desk, Meeting } from '../contract/generated.ts';
import { minutesAndSeconds } from '../elements/duration.ts';
import { formatTime, languageName, type MessageKey, type MessageValues } from '../i18n/index.ts';
import { type Place, spoken } from '../state/desk.ts';

// So long a partner's press that was undone is news, and a turn of one's own output that was.
export const UNDONE_SHOWN_MS = 60_000;
// A language changes hands for a moment at each takeover; longer than this nobody serves it.
export const UNSERVED_SHOWN_MS = 2000;

export interface DeskAlarm {
    key: MessageKey;
    values: MessageValues;
}

function ownAlarms(desk: Desk, time: number): DeskAlarm[] {
    const alarms: DeskAlarm[] = [];
    const undone = desk.undone_at ?? 0;
    const off = desk.microphone === 'off';
    if (desk.silence !== undefined) {
        alarms.push({
            key: desk.silence === 'no_packets' ? 'desk.no_packets' : 'desk.no_sound',
            values: {},
        });
    }
    if (undone > 0 && (off || time - undone < UNDONE_SHOWN_MS)) {
        alarms.push({ key: off ? 'desk.undone' : 'desk.turn_undone', values: { time: formatTime(undone) } });
    }
    return alarms;
}

function mateAlarms(desk: Desk, name: string, time: number): DeskAlarm[] {
    const alarms: DeskAlarm[] = [];
    const undone = desk.undone_at ?? 0;
    if (desk.silence !== undefined) {
        alarms.push({ key: 'desk.mate_silent', values: { name } });
    }
    if (undone > 0 && time - undone < UNDONE_SHOWN_MS) {
        alarms.push({ key: 'desk.mate_undone', values: { name, time: formatTime(undone) } });
    }
    return alarms;
}

/** The alarms of a desk at a moment of the server's clock, the gravest first. */
export function deskAlarms(now: Meeting, { booth, desk }: Place, time: number): DeskAlarm[] {
    const language = spoken(booth.language);
    const since = now.channels.find((one) => one.id === language)?.unserved_since ?? 0;
    const unserved =
        language === null || since === 0 || time - since < UNSERVED_SHOWN_MS
            ? []
            : [
                  {
                      key: 'desk.unserved' as const,
                      values: {
                          language: languageName(language),
                          time: minutesAndSeconds(time - since),
                      },
                  },
              ];
    const mates = booth.desks
        .filter((one) => one.participant !== desk.participant)
        .flatMap((one) => {
            const name = now.participants.find((person) => person.id === one.participant)?.name ?? '';
            return mateAlarms(one, name, time);
        });
    return [...ownAlarms(desk, time), ...unserved, ...mates];
}
