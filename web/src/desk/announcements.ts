// The standard announcement of a suspension, in the booth's own language: it is for those who listen to that language, so it is the same
// on every page and never translated.

import type { PageLanguage } from '../i18n/index.ts';

export const ANNOUNCEMENTS: Readonly<Record<PageLanguage, readonly string[]>> = {
    ar: [
        'الترجمة الشفوية إلى العربية متوقفة مؤقتاً. نعتذر عن ذلك، وستُستأنف في أقرب وقت.',
        'تعذرت الترجمة الشفوية بسبب رداءة الصوت. نرجو من المتكلم أن يقترب من الميكروفون.',
        'يقرأ المتكلم نصاً غير متوفر لدى المترجمين. تُستأنف الترجمة الشفوية حال تسلمه.',
    ],
    zh: [
        '中文同声传译暂停，敬请谅解，将尽快恢复。',
        '由于音质不佳，无法进行同声传译。请发言人靠近话筒。',
        '发言人正在宣读译员没有的讲稿。收到讲稿后将恢复传译。',
    ],
    en: [
        'Interpretation into English is suspended. We apologise; it will resume as soon as possible.',
        'Interpretation is not possible because of the quality of the sound. Would the speaker please come closer to the microphone.',
        'The speaker is reading a text that the interpreters do not have. Interpretation will resume when it is received.',
    ],
    fr: [
        'L’interprétation vers le français est suspendue. Veuillez nous en excuser ; elle reprendra dès que possible.',
        'La qualité du son ne permet pas l’interprétation. L’orateur est prié de se rapprocher du microphone.',
        'L’orateur lit un texte dont les interprètes ne disposent pas. L’interprétation reprendra dès sa réception.',
    ],
    ru: [
        'Устный перевод на русский язык приостановлен. Приносим извинения; он возобновится при первой возможности.',
        'Перевод невозможен из-за качества звука. Просим оратора приблизиться к микрофону.',
        'Оратор зачитывает текст, которого нет у переводчиков. Перевод возобновится после его получения.',
    ],
    es: [
        'La interpretación al español está suspendida. Les rogamos disculpas; se reanudará lo antes posible.',
        'La calidad del sonido no permite la interpretación. Se ruega al orador que se acerque al micrófono.',
        'El orador está leyendo un texto del que los intérpretes no disponen. La interpretación se reanudará cuando se reciba.',
    ],
};
