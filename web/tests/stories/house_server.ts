// What a server would answer the house's pages in the stories: a council with its committees, meetings of these days, people by the page.
import type {
    AgendaItem,
    Body,
    Capacity,
    Delegation,
    ImportReport,
    Language,
    LinkState,
    Localized,
    Person,
    Plan,
} from '../../src/contract/generated.ts';
import { countryNames, kindOf } from '../../src/house/countries.ts';
import { filled } from '../../src/house/six.ts';

type Six = [ar: string, zh: string, en: string, fr: string, ru: string, es: string];

function said([ar, zh, en, fr, ru, es]: Six): Localized {
    return { ar, zh, en, fr, ru, es };
}

function body(id: string, code: string, name: Six, parent?: string, meetings?: number): Body {
    return {
        id,
        code,
        name: said(name),
        ...(parent === undefined ? {} : { parent }),
        ...(meetings === undefined ? {} : { meetings }),
    };
}

const BODIES: readonly Body[] = [
    body('council', 'C', ['المجلس', '理事会', 'Council', 'Conseil', 'Совет', 'Consejo'], undefined, 3),
    body(
        'languages',
        'CWG-LANG',
        [
            'فريق عمل المجلس المعني باللغات',
            '理事会语文工作组',
            'Council Working Group on Languages',
            'Groupe de travail du Conseil sur les langues',
            'Рабочая группа Совета по языкам',
            'Grupo de Trabajo del Consejo sobre los Idiomas',
        ],
        'council',
        12,
    ),
    body(
        'budget',
        'CWG-FHR',
        [
            'فريق العمل المعني بالموارد المالية والبشرية',
            '财务和人力资源工作组',
            'Working Group on Financial and Human Resources',
            'Groupe de travail sur les ressources financières et humaines',
            'Рабочая группа по финансовым и людским ресурсам',
            'Grupo de Trabajo sobre recursos humanos y financieros',
        ],
        'council',
    ),
    body(
        'assembly',
        'WTSA',
        [
            'الجمعية العالمية لتقييس الاتصالات',
            '世界电信标准化全会',
            'World Standardization Assembly',
            'Assemblée mondiale de normalisation',
            'Всемирная ассамблея по стандартизации',
            'Asamblea Mundial de Normalización',
        ],
        undefined,
        1,
    ),
];

const COUNCIL: Plan = {
    id: 'council',
    body: 'council',
    title: said([
        'المجلس: الدورة العادية لعام 2026',
        '理事会2026年例会',
        'Council: 2026 ordinary session',
        'Conseil : session ordinaire de 2026',
        'Совет: очередная сессия 2026 года',
        'Consejo: reunión ordinaria de 2026',
    ]),
    first_day: '2026-11-18',
    last_day: '2026-11-27',
    zone: 'Europe/Zurich',
    form: 'hybrid',
    place: 'Popov Room',
    life: 'open',
    floor_microphones_max: 2,
    changed_at: 1,
    sitting: 'closed',
    delegations: 8,
    people: 148,
    unlinked: 6,
    items: 6,
};

const PLANS: readonly Plan[] = [
    COUNCIL,
    {
        ...COUNCIL,
        id: 'languages',
        body: 'languages',
        title: BODIES[1]!.name,
        first_day: '2026-11-20',
        last_day: '2026-11-20',
        zone: 'America/New_York',
        life: 'planned',
        delegations: undefined,
        people: 14,
        unlinked: undefined,
        items: undefined,
    } as unknown as Plan,
    {
        id: 'drafting',
        title: filled({
            en: 'Drafting group on resolution 154',
            ar: 'فريق صياغة القرار 154',
            zh: '第154号决议起草组',
        }),
        zone: 'Africa/Nairobi',
        form: 'remote',
        life: 'planned',
        sitting: 'closed',
    },
    {
        id: 'budget',
        body: 'budget',
        title: BODIES[2]!.name,
        first_day: '2026-09-07',
        last_day: '2026-09-09',
        zone: 'Europe/Zurich',
        form: 'hall',
        place: 'Room K2',
        life: 'closed',
        sitting: 'closed',
        delegations: 48,
        people: 122,
        items: 17,
    },
    {
        ...COUNCIL,
        id: 'extraordinary',
        title: said([
            'المجلس: دورة استثنائية',
            '理事会特别会议',
            'Council: extraordinary session',
            'Conseil : session extraordinaire',
            'Совет: внеочередная сессия',
            'Consejo: reunión extraordinaria',
        ]),
        first_day: '2026-06-02',
        last_day: '2026-06-03',
        life: 'postponed',
    },
];

const CODES = ['BRA', 'CHN', 'EGY', 'FRA', 'KEN', 'MEX', 'RUS'];

const DELEGATIONS: readonly Delegation[] = [
    ...CODES.map((code) => ({
        id: code.toLowerCase(),
        code,
        kind: kindOf(code),
        name: countryNames(code) ?? filled({ en: code }),
    })),
    {
        id: 'wmo',
        code: 'WMO',
        kind: 'observer',
        name: said([
            'المنظمة العالمية للأرصاد الجوية',
            '世界气象组织',
            'World Meteorological Organization',
            'Organisation météorologique mondiale',
            'Всемирная метеорологическая организация',
            'Organización Meteorológica Mundial',
        ]),
    },
];

function person(
    name: string,
    capacity: Capacity,
    link: LinkState,
    part: Partial<Person> & { language?: Language } = {},
): Person {
    return {
        id: name.toLowerCase().replaceAll(/[^a-z]+/g, '-'),
        name,
        capacity,
        language: 'none',
        link,
        ...(link === 'good' || link === 'used' ? { link_expires_at: Date.UTC(2027, 0, 15) } : {}),
        presence: 'away',
        ...part,
    };
}

const PEOPLE: readonly Person[] = [
    person('Leila Haddad', 'chair', 'used', { title: 'Chair of the Council', delegation: 'egy' }),
    person('Thomas Brunner', 'secretary', 'none', { account: 't.brunner' }),
    person('Grace Nakato', 'moderator', 'good', { address: 'grace.nakato@example.org' }),
    person('Jonas Weber', 'technician', 'none'),
    person('Rafael Oliveira', 'delegate', 'used', { delegation: 'bra', address: 'r.oliveira@example.org' }),
    person('Li Wen 李雯', 'delegate', 'none', { delegation: 'chn', address: 'li.wen@example.org' }),
    person('يوسف السيد', 'delegate', 'none', {
        id: 'youssef',
        delegation: 'egy',
        title: 'Head of delegation',
    }),
    person('Claire Dubois', 'delegate', 'expired', { delegation: 'fra', title: 'Vice-Chair' }),
    person('Wanjiku Kamau', 'delegate', 'good', { delegation: 'ken' }),
    person('Elena Sokolova', 'delegate', 'revoked', { delegation: 'rus' }),
    person('Ingrid Solberg', 'observer', 'good', {
        delegation: 'wmo',
        address: 'ingrid.solberg@example.org',
    }),
    person('Samir Khoury', 'interpreter', 'good', { language: 'ar' }),
    person('Rania Fawzi', 'interpreter', 'good', { language: 'ar' }),
    person('Zhang Min', 'interpreter', 'good', { language: 'zh' }),
    person('Sophie Laurent', 'interpreter', 'used', { language: 'fr' }),
    person('Mamadou Keïta', 'interpreter', 'none', { language: 'fr' }),
];

function item(number: string, title: Six, part: Partial<AgendaItem> = {}): AgendaItem {
    return { id: `item-${number}`, number, title: said(title), state: 'pending', ...part };
}

const ITEMS: readonly AgendaItem[] = [
    item(
        '1',
        [
            'افتتاح الدورة وإقرار جدول الأعمال',
            '会议开幕及通过议程',
            'Opening of the session and adoption of the agenda',
            'Ouverture de la session et adoption de l’ordre du jour',
            'Открытие сессии и утверждение повестки дня',
            'Apertura de la reunión y aprobación del orden del día',
        ],
        { state: 'done', document: 'C26/1' },
    ),
    item(
        '2',
        [
            'انتخاب نواب الرئيس',
            '选举副主席',
            'Election of Vice-Chairs',
            'Élection des Vice-Présidents',
            'Выборы заместителей Председателя',
            'Elección de Vicepresidentes',
        ],
        { document: 'C26/2' },
    ),
    item(
        '3.1',
        [
            'استعمال اللغات الرسمية الست على قدم المساواة',
            '平等使用六种正式语文',
            'Use of the six official languages on an equal footing',
            'Utilisation des six langues officielles sur un pied d’égalité',
            'Использование шести официальных языков на равной основе',
            'Utilización de los seis idiomas oficiales en igualdad de condiciones',
        ],
        { document: 'C26/12' },
    ),
    item('3.2', [
        'الترجمة الفورية عن بُعد',
        '远程同声传译',
        'Remote interpretation',
        'Interprétation à distance',
        'Дистанционный перевод',
        'Interpretación a distancia',
    ]),
    item('4', [
        'مشروع الميزانية',
        '预算草案',
        'Draft budget',
        'Projet de budget',
        'Проект бюджета',
        'Proyecto de presupuesto',
    ]),
    item('5', [
        'ما يستجد من أعمال',
        '其他事项',
        'Any other business',
        'Divers',
        'Прочие вопросы',
        'Otros asuntos',
    ]),
];

const REPORT: ImportReport = {
    rows: 48,
    added: 0,
    fault_count: 4,
    faults: [
        { row: 0, column: 'F', why: 'column_unknown' },
        { row: 3, column: 'B', field: 'capacity', why: 'capacity_unknown' },
        { row: 17, column: 'A', field: 'name', why: 'cell_long', most: 120 },
        { row: 31, why: 'refused', reason: 'booth_full', most: 4 },
    ],
};

const OWN = { account: 't.brunner', name: 'Thomas Brunner', administrator: true, secretariat: true };

/** Undefined for what no secretariat asks, or this story's person may not. */
export function answerHouse(
    story: string,
    method: string,
    path: string,
): { status?: number; body: string } | undefined {
    const found = foundIn(story, method, path);
    return found === undefined ? undefined : { ...found, body: JSON.stringify(found.body) };
}

function foundIn(
    story: string,
    method: string,
    path: string,
): { status?: number; body: unknown } | undefined {
    if (path === '/api/v1/account') {
        return story.startsWith('house') && story !== 'house-listener'
            ? { body: OWN }
            : { status: 403, body: { type: 'forbidden', title: '', status: 403 } };
    }
    if (!story.startsWith('house')) {
        return undefined;
    }
    if (path === '/api/v1/bodies') {
        return { body: { bodies: BODIES } };
    }
    if (path === '/api/v1/meetings') {
        return { body: { plans: story === 'house-empty' ? [] : PLANS } };
    }
    const [, id = '', part = '', who = '', more = ''] =
        path.match(/^\/api\/v1\/meetings\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?(?:\/([^/]+))?$/) ?? [];
    const plan = PLANS.find((one) => one.id === id);
    if (plan === undefined) {
        return undefined;
    }
    if (part === 'plan') {
        return method === 'GET'
            ? { body: plan }
            : { status: 409, body: { type: 'conflict', title: '', status: 409 } };
    }
    if (part === 'people' && more === 'link') {
        const one = PEOPLE.find((each) => each.id === who);
        return { status: 201, body: { ...one, link: 'good', token: `${who}-${'k3JtQ7'.repeat(7)}` } };
    }
    if (part === 'tables') {
        return { body: REPORT };
    }
    if (part === 'links') {
        const links = PEOPLE.filter(({ link, account }) => account === undefined && !/good|used/.test(link));
        return {
            status: 201,
            body: {
                links: links.map(({ id: participant, name, capacity, delegation, title, address }) => ({
                    participant,
                    name,
                    capacity,
                    ...(delegation === undefined ? {} : { delegation }),
                    ...(title === undefined ? {} : { title }),
                    ...(address === undefined ? {} : { address }),
                    token: `${participant}-${'k3JtQ7'.repeat(7)}`,
                })),
            },
        };
    }
    const lists: Record<string, unknown> = {
        delegations: { delegations: plan.delegations === undefined ? [] : DELEGATIONS },
        people: { people: plan.people === undefined ? [] : PEOPLE, total: plan.people ?? 0 },
        agenda: { items: plan.items === undefined ? [] : ITEMS },
    };
    return part in lists ? { body: lists[part] } : undefined;
}
