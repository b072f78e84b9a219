// A meeting in full swing for the stories: delegations, booths, a list, help calls, measurements.
import type {
    Booth,
    Capacity,
    ConnectionHealth,
    Delegation,
    Localized,
    Meeting,
    Participant,
    SourceLevel,
} from '../../src/contract/generated.ts';
import { emptyBooth, emptyDesk } from '../../src/state/booths.ts';

type Six = [ar: string, zh: string, en: string, fr: string, ru: string, es: string];

function localized([ar, zh, en, fr, ru, es]: Six): Localized {
    return { ar, zh, en, fr, ru, es };
}

function delegation(code: string, names: Six, kind: Delegation['kind'] = 'member'): Delegation {
    return { id: code.toLowerCase(), code, kind, name: localized(names) };
}

const DELEGATIONS: Delegation[] = [
    delegation('BRA', ['البرازيل', '巴西', 'Brazil', 'Brésil', 'Бразилия', 'Brasil']),
    delegation('CHN', ['الصين', '中国', 'China', 'Chine', 'Китай', 'China']),
    delegation('EGY', ['مصر', '埃及', 'Egypt', 'Égypte', 'Египет', 'Egipto']),
    delegation('FRA', ['فرنسا', '法国', 'France', 'France', 'Франция', 'Francia']),
    delegation('KEN', ['كينيا', '肯尼亚', 'Kenya', 'Kenya', 'Кения', 'Kenya']),
    delegation('MEX', ['المكسيك', '墨西哥', 'Mexico', 'Mexique', 'Мексика', 'México']),
    delegation('RUS', [
        'الاتحاد الروسي',
        '俄罗斯联邦',
        'Russian Federation',
        'Fédération de Russie',
        'Российская Федерация',
        'Federación de Rusia',
    ]),
    delegation(
        'WMO',
        [
            'المنظمة العالمية للأرصاد الجوية',
            '世界气象组织',
            'World Meteorological Organization',
            'Organisation météorologique mondiale',
            'Всемирная метеорологическая организация',
            'Organización Meteorológica Mundial',
        ],
        'observer',
    ),
];

function person(id: string, name: string, capacity: Capacity, part: Partial<Participant> = {}): Participant {
    return {
        id,
        name,
        capacity,
        language: 'none',
        presence: 'present',
        microphone: 'off',
        camera: false,
        screen: false,
        help: 'none',
        spoken_ms: 0,
        interventions: 0,
        ...part,
    };
}

const PARTICIPANTS: Participant[] = [
    person('chair', 'Leila Haddad', 'chair', { title: 'Chair of the Council' }),
    person('secretary', 'Thomas Brunner', 'secretary', { title: 'Secretary of the Council' }),
    person('moderator', 'Grace Nakato', 'moderator'),
    person('technician', 'Jonas Weber', 'technician'),
    person('bra', 'Rafael Oliveira', 'delegate', { delegation: 'bra' }),
    person('chn', 'Li Wen 李雯', 'delegate', { delegation: 'chn' }),
    person('egy', 'Youssef El-Sayed', 'delegate', { delegation: 'egy' }),
    person('fra', 'Claire Dubois', 'delegate', { delegation: 'fra', help: 'asked' }),
    person('ken', 'Wanjiku Kamau', 'delegate', { delegation: 'ken', title: 'Head of delegation' }),
    person('mex', 'Diego Hernández', 'delegate', { delegation: 'mex', presence: 'entrance' }),
    person('rus', 'Elena Sokolova', 'delegate', { delegation: 'rus', help: 'handled' }),
    person('wmo', 'Ingrid Solberg', 'delegate', { delegation: 'wmo', presence: 'lost' }),
    person('ar-1', 'Samir Khoury', 'interpreter', { language: 'ar' }),
    person('ar-2', 'Rania Fawzi', 'interpreter', { language: 'ar' }),
    person('ar-3', 'Hisham Mansour', 'interpreter', { language: 'ar', presence: 'away' }),
    person('zh-1', 'Zhang Min', 'interpreter', { language: 'zh' }),
    person('zh-2', 'Chen Hao', 'interpreter', { language: 'zh' }),
    person('en-1', 'Margaret Ellis', 'interpreter', { language: 'en' }),
    person('fr-1', 'Sophie Laurent', 'interpreter', { language: 'fr' }),
    person('fr-2', 'Mamadou Keïta', 'interpreter', { language: 'fr' }),
    person('ru-1', 'Olga Petrova', 'interpreter', { language: 'ru' }),
    person('es-1', 'Carmen Ruiz', 'interpreter', { language: 'es', presence: 'away' }),
    person('listener', 'Maya Thompson', 'listener', { language: 'en' }),
];

const INTO: Partial<Record<Booth['language'], Booth['language'][]>> = { ar: ['fr', 'en'], zh: ['en', 'fr'] };

function booth(language: Booth['language']): Booth {
    const allowed = (INTO[language] ?? []).map((one) => ({ language: one }));
    const [first] = allowed;
    return {
        ...emptyBooth(language),
        setting: {
            mode: 'override',
            allowed,
            ...(first === undefined ? {} : { output_b: first.language }),
            auto_relay: allowed.length > 0,
            turn_minutes: 30,
            rota: true,
        },
        desks: PARTICIPANTS.filter((one) => one.capacity === 'interpreter' && one.language === language).map(
            (one) => ({ ...emptyDesk(one.id), microphone: one.microphone }),
        ),
    };
}

/** A sitting under way at `now`: Kenya speaks in English, four booths work, one is silent, one carries the floor. */
export function demoMeeting(now: number): Meeting {
    const speaking = new Set(['ken']);
    const working = new Set(['ar-1', 'zh-1', 'fr-2', 'ru-1']);
    return {
        id: 'demo',
        title: localized([
            'المجلس 2026: جلسة إيضاحية',
            '2026年理事会：演示会议',
            'Council 2026: demonstration sitting',
            'Conseil 2026 : séance de démonstration',
            'Совет 2026 года: демонстрационное заседание',
            'Consejo 2026: sesión de demostración',
        ]),
        body: localized(['المجلس', '理事会', 'Council', 'Conseil', 'Совет', 'Consejo']),
        sitting: 'open',
        sitting_number: 3,
        sitting_since: now - 2_400_000,
        list: 'open',
        recorded: true,
        streamed: true,
        floor_microphones_max: 2,
        delegations: DELEGATIONS,
        participants: PARTICIPANTS.map((one) =>
            speaking.has(one.id) || working.has(one.id)
                ? { ...one, microphone: 'on', microphone_since: now - 134_000 }
                : one,
        ),
        agenda: [
            {
                id: 'item-2',
                number: '2',
                document: 'C26/35',
                state: 'done',
                title: localized([
                    'تقرير عن تنفيذ الخطة الاستراتيجية',
                    '战略规划实施情况报告',
                    'Report on the implementation of the strategic plan',
                    'Rapport sur la mise en œuvre du plan stratégique',
                    'Отчет о выполнении Стратегического плана',
                    'Informe sobre la aplicación del Plan Estratégico',
                ]),
            },
            {
                id: 'item-4',
                number: '3.1',
                document: 'C26/12',
                state: 'current',
                title: localized([
                    'استعمال اللغات الرسمية الست على قدم المساواة',
                    '平等使用六种正式语文',
                    'Use of the six official languages on an equal footing',
                    'Utilisation des six langues officielles sur un pied d’égalité',
                    'Использование шести официальных языков на равной основе',
                    'Utilización de los seis idiomas oficiales en igualdad de condiciones',
                ]),
            },
            {
                id: 'item-5',
                number: '4',
                state: 'pending',
                title: localized([
                    'توصيل المناطق الريفية والنائية',
                    '连通农村和偏远地区',
                    'Connecting rural and remote areas',
                    'Connecter les zones rurales et isolées',
                    'Подключение сельских и отдаленных районов',
                    'Conexión de las zonas rurales y distantes',
                ]),
            },
        ],
        requests: ['bra', 'wmo', 'fra', 'chn', 'rus'].map((participant, index) => ({
            id: index + 1,
            participant,
            asked_at: now - 60_000 * (5 - index),
        })),
        speaking_times: [
            { id: 1, kind: 'everybody', seconds: 300 },
            { id: 2, item: 'item-4', kind: 'everybody', seconds: 180 },
            { id: 3, item: 'item-4', kind: 'observer', seconds: 90 },
        ],
        booths: (['ar', 'zh', 'en', 'fr', 'ru', 'es'] as const).map(booth).map((one) => ({
            ...one,
            desks: one.desks.map((desk) => ({
                ...desk,
                microphone: working.has(desk.participant) ? ('on' as const) : ('off' as const),
                ...(working.has(desk.participant)
                    ? { target: one.language, opened: 9, opened_at: now - 134_000 }
                    : {}),
                ...(desk.participant === 'ru-1' ? { source: 'fr' as const } : {}),
            })),
        })),
        channels: [
            { id: 'floor', state: 'floor', holder: 'ken', auto_floor: false },
            { id: 'ar', state: 'interpreted', holder: 'ar-1', auto_floor: true },
            { id: 'zh', state: 'interpreted', holder: 'zh-1', auto_floor: true },
            { id: 'en', state: 'floor', holder: 'ken', auto_floor: true },
            { id: 'fr', state: 'interpreted', holder: 'fr-2', auto_floor: true },
            {
                id: 'ru',
                state: 'interpreted',
                holder: 'ru-1',
                booth: 'ru',
                source: 'fr',
                depth: 2,
                auto_floor: true,
            },
            { id: 'es', state: 'silent', auto_floor: false, unserved_since: now - 95_000 },
        ],
        floor: [{ participant: 'ken', opened_at: now - 134_000, position: 1 }],
        feeds: [
            { id: 'hall', target: 'none', position: 0, sound: true, picture: true, since: now - 600_000 },
            {
                id: 'es',
                target: 'es',
                position: 0,
                put_at: now - 300_000,
                sound: false,
                picture: false,
                since: now - 300_000,
            },
        ],
        interlock_a: 'a_overrides_bc',
        interlock_bc: 'no_override',
        hours: [
            { participant: 'fr-1', name: 'Sophie Laurent', language: 'fr', air_ms: 3_480_000, turns: 2 },
            { participant: 'fr-2', name: 'Mamadou Keïta', language: 'fr', air_ms: 1_750_000, turns: 1 },
        ],
        team_leader: 'fr-1',
        floor_language: 'en',
        signals: [],

        documents: [
            {
                id: 'doc-1',
                kind: 'speech',
                title: 'Statement by Kenya on multilingualism',
                language: 'en',
                participant: 'ken',
                form: 'text',
                size: 4200,
                sha256: '',
                added_by: 'ken',
                added_at: 0,
                embargoed: true,
            },
            {
                id: 'doc-2',
                kind: 'document',
                title: 'C20/5: Report on the activities of the Union',
                item: 'item-4',
                form: 'pdf',
                size: 1200000,
                sha256: '',
                added_by: 'ken',
                added_at: 0,
                embargoed: false,
            },
        ],
        chat: [
            {
                room: 'booth',
                language: 'fr',
                participant: 'fr-2',
                text: 'UIT-D = Secteur du développement',
                at: now - 400_000,
            },
            {
                room: 'booth',
                language: 'fr',
                participant: 'fr-1',
                phrase: 'thank_you',
                at: now - 300_000,
            },
            {
                room: 'interpreters',
                participant: 'en-1',
                text: 'Statement of Kenya: on page 2',
                at: now - 90_000,
            },
        ],
        help_calls: [
            { participant: 'fra', reason: 'sound', since: now - 120_000 },
            { participant: 'rus', reason: 'picture', helper: 'moderator', since: now - 300_000 },
        ],
        help_lines: [
            { participant: 'rus', author: 'rus', text: 'Мою камеру не видно.', at: now - 280_000 },
            { participant: 'rus', author: 'moderator', suggestion: 'load_again', at: now - 240_000 },
        ],
    };
}

export const LISTENERS = [41, 12, 8, 63, 17, 6, 0];

export const HEALTH: ConnectionHealth[] = PARTICIPANTS.map((one, index) => ({
    participant: one.id,
    blocked: index === 5,
    round_trip_ms: 18 + 37 * index,
    loss_up_permille: index === 6 ? 42 : 1,
    loss_down_permille: index === 9 ? 130 : 0,
    jitter_ms: 4 + index,
}));

/** China speaks Chinese: the Chinese booth works into English by B, the others hear that as their floor, the French booth is asked for a handover. */
export function relayedMeeting(now: Meeting, at: number): Meeting {
    const speaker = 'chn';
    return {
        ...now,
        floor: [{ participant: speaker, opened_at: at - 61_000, position: 1 }],
        floor_language: 'zh',
        auto_relay: 'en',
        auto_relay_booth: 'zh',
        booths: now.booths.map((one) => ({
            ...one,
            ...(one.language === 'fr'
                ? {
                      handover: {
                          state: 'requested' as const,
                          from: 'fr-2',
                          to: 'fr-1',
                          deadline: at + 60_000,
                      },
                  }
                : {}),
            desks: one.desks.map((desk) =>
                desk.participant === 'zh-1'
                    ? { ...desk, output: 'b' as const, target: 'en' as const }
                    : desk.participant === 'fr-2'
                      ? { ...desk, opened_at: at - 1_790_000 }
                      : desk,
            ),
        })),
        signals: [{ kind: 'slow_down', participant: speaker, at: at - 4000 }],
        channels: now.channels.map((channel) =>
            channel.id === 'en'
                ? {
                      ...channel,
                      state: 'interpreted' as const,
                      holder: 'zh-1',
                      booth: 'zh' as const,
                      output: 'b' as const,
                      depth: 1,
                      relays: 3,
                  }
                : channel.id === 'zh'
                  ? { id: 'zh', state: 'floor' as const, holder: speaker, auto_floor: true }
                  : channel.state === 'interpreted'
                    ? { ...channel, source: 'en' as const, depth: 2 }
                    : channel,
        ),
    };
}

export const LEVELS: SourceLevel[] = [
    { participant: 'chn', level: 14 },
    { participant: 'zh-1', level: 18 },
    { participant: 'fr-2', level: 33 },
    { participant: 'ru-1', level: 126 },
];

/** The Russian booth is silent on the air, two French microphones are open, relay from French has stopped, Spanish is not served. */
export function troubledMeeting(now: Meeting, at: number): Meeting {
    return {
        ...now,
        booths: now.booths.map((one) => (one.language === 'fr' ? { ...one, alarm_since: at - 4000 } : one)),
        channels: now.channels.map((channel) => {
            switch (channel.id) {
                case 'floor':
                    return { ...channel, holder: 'chn' };
                case 'ru':
                    return { ...channel, source: 'en' as const, depth: 2, delay_ms: 240 };
                case 'es':
                    return { ...channel, warning: true, offer: 'en' as const };
                case 'ar':
                    return {
                        ...channel,
                        forced: true,
                        holder: 'chn',
                        state: 'floor' as const,
                        reason: 'Line to the Arabic booth is down',
                    };
                default:
                    return channel;
            }
        }),
    };
}
