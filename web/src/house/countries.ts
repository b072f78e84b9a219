// Countries: their codes, and their names in six languages as the browser knows them (CLDR): the beginning of a delegation's name, which the
// secretariat corrects.
import type { Delegation, DelegationKind, Localized } from '../contract/generated.ts';
import { fold } from './pasted.ts';
import { filled, type Six } from './six.ts';

// ISO 3166-1, the code of three letters and that of two: the members of the United Nations, and everything else that has a code.
const MEMBERS = `
    AFGAF AGOAO ALBAL ANDAD AREAE ARGAR ARMAM ATGAG AUSAU AUTAT AZEAZ BDIBI BELBE BENBJ BFABF BGDBD BGRBG
    BHRBH BHSBS BIHBA BLRBY BLZBZ BOLBO BRABR BRBBB BRNBN BTNBT BWABW CAFCF CANCA CHECH CHLCL CHNCN CIVCI
    CMRCM CODCD COGCG COLCO COMKM CPVCV CRICR CUBCU CYPCY CZECZ DEUDE DJIDJ DMADM DNKDK DOMDO DZADZ ECUEC
    EGYEG ERIER ESPES ESTEE ETHET FINFI FJIFJ FRAFR FSMFM GABGA GBRGB GEOGE GHAGH GINGN GMBGM GNBGW GNQGQ
    GRCGR GRDGD GTMGT GUYGY HNDHN HRVHR HTIHT HUNHU IDNID INDIN IRLIE IRNIR IRQIQ ISLIS ISRIL ITAIT JAMJM
    JORJO JPNJP KAZKZ KENKE KGZKG KHMKH KIRKI KNAKN KORKR KWTKW LAOLA LBNLB LBRLR LBYLY LCALC LIELI LKALK
    LSOLS LTULT LUXLU LVALV MARMA MCOMC MDAMD MDGMG MDVMV MEXMX MHLMH MKDMK MLIML MLTMT MMRMM MNEME MNGMN
    MOZMZ MRTMR MUSMU MWIMW MYSMY NAMNA NERNE NGANG NICNI NLDNL NORNO NPLNP NRUNR NZLNZ OMNOM PAKPK PANPA
    PERPE PHLPH PLWPW PNGPG POLPL PRKKP PRTPT PRYPY QATQA ROURO RUSRU RWARW SAUSA SDNSD SENSN SGPSG SLBSB
    SLESL SLVSV SMRSM SOMSO SRBRS SSDSS STPST SURSR SVKSK SVNSI SWESE SWZSZ SYCSC SYRSY TCDTD TGOTG THATH
    TJKTJ TKMTM TLSTL TONTO TTOTT TUNTN TURTR TUVTV TZATZ UGAUG UKRUA URYUY USAUS UZBUZ VCTVC VENVE VNMVN
    VUTVU WSMWS YEMYE ZAFZA ZMBZM ZWEZW`;
const OTHERS = `
    ABWAW AIAAI ALAAX ASMAS ATAAQ ATFTF BESBQ BLMBL BMUBM BVTBV CCKCC COKCK CUWCW CXRCX CYMKY ESHEH FLKFK
    FROFO GGYGG GIBGI GLPGP GRLGL GUFGF GUMGU HKGHK HMDHM IMNIM IOTIO JEYJE MACMO MAFMF MNPMP MSRMS MTQMQ
    MYTYT NCLNC NFKNF NIUNU PCNPN PRIPR PSEPS PYFPF REURE SGSGS SHNSH SJMSJ SPMPM SXMSX TCATC TKLTK TWNTW
    UMIUM VATVA VGBVG VIRVI WLFWF`;

function tableOf(text: string): ReadonlyMap<string, string> {
    return new Map(
        text
            .trim()
            .split(/\s+/)
            .map((one) => [one.slice(0, 3), one.slice(3)]),
    );
}

const members = tableOf(MEMBERS);
const others = tableOf(OTHERS);

/** The codes of the members of the United Nations. */
export const MEMBER_CODES: readonly string[] = [...members.keys()];

/** The codes of three letters in a text: as they stand, or made of those of two. What is no country stays as it is: organisations have codes, too. */
export function codesIn(text: string): string[] {
    const byTwo = new Map([...members, ...others].map(([three, two]) => [two, three]));
    const codes = text
        .split(/[\s,;،؛，；、]+/)
        .filter((one) => one !== '')
        .map((one) => one.toUpperCase())
        .map((one) => byTwo.get(one) ?? one);
    return [...new Set(codes)];
}

/** The names of a country; null for what is none. */
export function countryNames(code: string): Localized | null {
    const two = members.get(code) ?? others.get(code);
    if (two === undefined) {
        return null;
    }
    const nameIn = (language: string): string =>
        new Intl.DisplayNames([language], { type: 'region', style: 'long', fallback: 'none' }).of(two) ?? '';
    const six: Six = {
        ar: nameIn('ar'),
        zh: nameIn('zh'),
        en: nameIn('en'),
        fr: nameIn('fr'),
        ru: nameIn('ru'),
        es: nameIn('es'),
    };
    const names = filled(six);
    return names.en === '' ? null : names;
}

/** Members are members, what is no member of the United Nations sits as an observer until somebody says otherwise. */
export function kindOf(code: string): DelegationKind {
    return members.has(code) ? 'member' : 'observer';
}

const french = new Intl.Collator('fr', { sensitivity: 'base', ignorePunctuation: true, numeric: true });

/** In the order of the French names, as plates stand in the room. */
export function byFrenchName(one: Delegation, other: Delegation): number {
    return french.compare(one.name.fr, other.name.fr) || one.code.localeCompare(other.code);
}

/** An id out of a code: what the contract takes as one. */
export function idOf(code: string): string {
    return fold(code).replaceAll(/[^a-z0-9]+/g, '-');
}
