// What an alarm says.
import { minutesAndSeconds } from '../elements/duration.ts';
import { formatTime, isPageLanguage, text } from '../i18n/index.ts';
import type { LoggedAlarm } from './alarm_log.ts';
import { channelName, personName } from './names.ts';

function named(id: string): string {
    return id === 'floor' || isPageLanguage(id) ? channelName(id) : id;
}

/** While it goes on, with how long so far; of one that is over, with how long it was. */
export function alarmWords(alarm: LoggedAlarm, now: number): string {
    const { kind, about, other, since } = alarm;
    const lasted = (alarm.over === 0 ? now : alarm.over) - since;
    const time = minutesAndSeconds(lasted);
    switch (kind) {
        case 'sound_out':
            return text('alarm.sound_out', { time: formatTime(since) });
        case 'both':
            return text('alarm.both', { booth: named(about) });
        case 'no_packets':
        case 'no_sound':
            return text(`alarm.${kind}`, { name: personName(about), time });
        case 'route_silent':
            return text('alarm.route_silent', { channel: named(about), name: personName(other), time });
        case 'feed_silent':
            return text('alarm.feed_silent', { name: about, time });
        case 'undone':
            return text('alarm.undone', { name: personName(about), time: formatTime(since) });
        case 'unserved':
            return text('alarm.unserved', { channel: named(about), time });
        case 'silent':
            return text('alarm.silent', {
                name: personName(about),
                seconds: Math.max(0, Math.floor(lasted / 1000)),
            });
        case 'relay':
            return text('relay.warning', { channel: named(about), offer: named(other) });
    }
}
