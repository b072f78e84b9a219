// What has just happened to this desk: the result of a handover, the chime, and the words for a screen reader.

import { effect, signal } from '@preact/signals';
import type { HandoverResult } from '../contract/generated.ts';
import { formatTime, languageName, type MessageKey, type MessageValues } from '../i18n/index.ts';
import { autoRelayAt, handoverRole, ownPlace } from '../state/desk.ts';
import type { MeetingEvent } from '../state/phase.ts';
import { me, meeting, newestEvents, participant, serverNow } from '../state/store.ts';
import { ring } from './chime.ts';
import { displacedWords } from './displaced.ts';
import { handoverWords } from './handover_words.ts';

const result = signal<HandoverResult | null>(null);

// How the last handover of this booth ended; null for none yet, or while one is under way.
export const handoverResult = result;

// What an event means for who sits at this desk: alarms are said also on the air, the rest only off the air.
export interface News {
    key: MessageKey;
    values: MessageValues;
    alarm: boolean;
}

export function newsOf(event: MeetingEvent): News | null {
    const place = ownPlace.peek();
    const now = meeting.peek();
    const own = me.peek()?.id;
    if (place === null || now === null) {
        return null;
    }
    const { booth, desk } = place;
    switch (event.type) {
        case 'booth.alarmed':
            return event.data.language === booth.language && (event.data.since ?? 0) > 0
                ? { key: 'desk.alarm', values: {}, alarm: true }
                : null;
        case 'desk.changed': {
            if (event.data.participant !== own) {
                return null;
            }
            const displaced = displacedWords(booth, event.data.displaced_by);
            if (displaced !== null) {
                return { ...displaced, alarm: true };
            }
            return (event.data.overridden_by ?? '') !== ''
                ? {
                      key: 'desk.overridden',
                      values: { name: participant(event.data.overridden_by)?.name ?? '' },
                      alarm: true,
                  }
                : null;
        }
        case 'sitting.changed':
            // Until now it was a sound check.
            return event.data.state === 'open' && desk.microphone !== 'off' && now.rehearsal !== true
                ? { key: 'desk.sitting_opened', values: {}, alarm: true }
                : null;
        case 'desk.opening': {
            const mate = booth.desks.find((one) => one.participant === event.data.participant);
            const ownKey = desk.microphone === 'off' ? 'desk.undone' : 'desk.turn_undone';
            const key = event.data.participant === own ? ownKey : 'desk.mate_undone';
            return mate === undefined || event.data.undone !== true
                ? null
                : {
                      key,
                      values: { name: participant(mate.participant)?.name ?? '', time: formatTime(event.at) },
                      alarm: true,
                  };
        }
        case 'microphone.silent': {
            const mate = booth.desks.find((one) => one.participant === event.data.participant);
            const { silence } = event.data;
            if (mate === undefined || silence === undefined) {
                return null;
            }
            return event.data.participant === own
                ? {
                      key: silence === 'no_packets' ? 'desk.no_packets' : 'desk.no_sound',
                      values: {},
                      alarm: true,
                  }
                : {
                      key: 'desk.mate_silent',
                      values: { name: participant(mate.participant)?.name ?? '' },
                      alarm: true,
                  };
        }
        case 'channel.changed': {
            const { id, unserved_since } = event.data.channel;
            return id === booth.language && unserved_since === event.at
                ? { key: 'strip.unserved', values: {}, alarm: true }
                : null;
        }
        case 'desk.assigned':
            return event.data.participant === own && booth.language !== 'none'
                ? {
                      key: 'desk.assigned',
                      values: { language: languageName(booth.language) },
                      alarm: true,
                  }
                : null;
        case 'desk.chimed':
            return event.data.participant === own
                ? { key: 'desk.turn_over', values: {}, alarm: false }
                : null;
        case 'handover.changed': {
            if (event.data.language !== booth.language) {
                return null;
            }
            const { handover, result: ended } = event.data;
            if (ended !== undefined) {
                return { key: `handover_result.${ended}`, values: {}, alarm: false };
            }
            const role = handoverRole(now, { booth, desk });
            const names = {
                from: participant(handover.from)?.name ?? '',
                to: participant(handover.to)?.name ?? '',
                seconds: Math.max(0, Math.ceil(((handover.deadline ?? 0) - serverNow()) / 1000)),
            };
            if (role === 'others' || role === 'nothing' || role === 'may_request' || role === 'may_offer') {
                return null;
            }
            return {
                key: handoverWords(role, booth),
                values: names,
                alarm: handover.state === 'counting',
            };
        }
        case 'auto_relay.changed': {
            const auto = autoRelayAt(now, booth);
            return auto === null
                ? null
                : {
                      key: 'desk.auto_relay',
                      values: {
                          language: languageName(auto.channel),
                          booth: auto.from === null ? '' : languageName(auto.from),
                      },
                      alarm: false,
                  };
        }
        case 'chat.said':
            return event.by === own
                ? null
                : {
                      key: 'chat.new',
                      values: { name: participant(event.by)?.name ?? '', text: event.data.text ?? '' },
                      alarm: false,
                  };
        default:
            return null;
    }
}

// Follows the meeting as long as the desk is shown.
export function followNews(): () => void {
    return effect(() => {
        for (const event of newestEvents.value) {
            const booth = ownPlace.peek()?.booth.language;
            if (event.type === 'handover.changed' && event.data.language === booth) {
                result.value = event.data.result ?? null;
            } else if (event.type === 'desk.chimed' && event.data.language === booth) {
                ring();
            }
        }
    });
}
