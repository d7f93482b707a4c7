/** The shop's pictures, drawn here: flat shapes in the shop's colours. */

const open = (w: number, h: number): string =>
  `<svg viewBox="0 0 ${w} ${h}" aria-hidden="true" focusable="false" preserveAspectRatio="xMidYMid slice">`;

/** One product on its ground, 320 by 240. */
function scene(ground: string, shapes: string): string {
  return `${open(320, 240)}<rect width="320" height="240" fill="${ground}"/>${shapes}</svg>`;
}

const shadow = (x: number, width: number, y = 192): string =>
  `<ellipse cx="${x}" cy="${y}" rx="${width}" ry="8" fill="#1f3a33" opacity=".14"/>`;

export const productArt: Readonly<Record<string, string>> = {
  'HP-T2': scene(
    '#e4ebe3',
    `${shadow(160, 112, 190)}<path d="M48 188 160 62l112 126z" fill="#c8603a"/><path d="M160 62 272 188h-62z" fill="#a84c2b"/>
    <path d="M160 62 118 188h84z" fill="#f3e3cf"/><path d="M160 62 142 188h36z" fill="#24443b"/>
    <path d="M160 62v-14M48 188l-18 6M272 188l18 6" stroke="#24443b" stroke-width="4" stroke-linecap="round"/>`,
  ),
  'HP-T4': scene(
    '#dfe8ec',
    `${shadow(160, 128, 190)}<path d="M36 188c0-74 40-118 96-118h56c56 0 96 44 96 118z" fill="#2f6b5a"/>
    <path d="M188 70c56 0 96 44 96 118h-62c0-74-12-118-34-118z" fill="#24544a"/><path d="M88 188c0-52 12-84 32-84s32 32 32 84z" fill="#f3e3cf"/>
    <path d="M120 104c-8 20-12 48-12 84h24c0-36-4-64-12-84z" fill="#1d3a33"/><rect x="176" y="112" width="34" height="26" rx="6" fill="#cfe0e4"/>
    <path d="M36 188l-16 6M284 188l16 6" stroke="#1d3a33" stroke-width="4" stroke-linecap="round"/>`,
  ),
  'HP-SB': scene(
    '#efe7da',
    `${shadow(164, 108, 182)}<rect x="52" y="92" width="212" height="88" rx="44" fill="#3f6f86"/>
    <path d="M96 92v88M136 92v88M176 92v88M216 92v88" stroke="#345d71" stroke-width="5"/>
    <path d="M52 136c0-24 20-44 44-44h6c-18 8-28 24-28 44s10 36 28 44h-6c-24 0-44-20-44-44z" fill="#e7c9a2"/>
    <path d="M118 92h146" stroke="#f3e3cf" stroke-width="4" stroke-dasharray="2 9" stroke-linecap="round"/>`,
  ),
  'HP-ST': scene(
    '#e9e4ee',
    `${shadow(160, 66, 198)}<path d="M112 92h96l-8 62h-80z" fill="#d9dde0"/><path d="M176 92h32l-8 62h-32z" fill="#bcc4c9"/>
    <path d="M206 104h16c10 0 12 26-4 26h-14" fill="none" stroke="#bcc4c9" stroke-width="7"/><rect x="106" y="84" width="108" height="12" rx="6" fill="#8e999f"/>
    <path d="M128 154h64l10 14h-84z" fill="#5b666c"/><path d="M138 198l10-30h24l10 30z" fill="#3c4549"/>
    <path d="M160 148c-10-8-6-18 0-24 6 6 10 16 0 24z" fill="#e28a3f" transform="translate(0 18)"/>
    <path d="M140 70c-6-8 6-12 0-22M162 70c-6-8 6-12 0-22M184 70c-6-8 6-12 0-22" fill="none" stroke="#8e7f9c" stroke-width="4" stroke-linecap="round"/>`,
  ),
  'HP-JK': scene(
    '#e3e9e4',
    `${shadow(160, 76, 212)}<path d="M124 60c10-12 62-12 72 0l36 22 20 84-28 8-12-46v80H108v-80l-12 46-28-8 20-84z" fill="#d6a531"/>
    <path d="M196 60l36 22 20 84-28 8-12-46v80h-52V76z" fill="#bd8e22"/><path d="M124 60c4 20 68 20 72 0 6 30-18 40-36 40s-42-10-36-40z" fill="#24443b"/>
    <path d="M160 100v108" stroke="#24443b" stroke-width="4"/><path d="M122 164h24M174 164h24" stroke="#24443b" stroke-width="5" stroke-linecap="round"/>`,
  ),
  'HP-BT': scene(
    '#ece5df',
    `${shadow(164, 96, 200)}<path d="M104 62h56l6 66c30 6 72 18 78 44v12H104z" fill="#8a5a3b"/><path d="M166 128c30 6 72 18 78 44v12h-66z" fill="#744a30"/>
    <path d="M98 184h150v10c0 5-3 8-8 8H106c-5 0-8-3-8-8z" fill="#2b2a28"/><rect x="100" y="54" width="64" height="16" rx="8" fill="#c8603a"/>
    <path d="M136 90h26M138 106h26M140 122h28M150 136l22-6" stroke="#f3e3cf" stroke-width="5" stroke-linecap="round"/>`,
  ),
  'HP-LN': scene(
    '#26403a',
    `<circle cx="160" cy="134" r="96" fill="#f2c14e" opacity=".13"/><circle cx="160" cy="134" r="64" fill="#f2c14e" opacity=".2"/>
    <path d="M128 74c0-40 64-40 64 0" fill="none" stroke="#d9dde0" stroke-width="6"/><rect x="120" y="74" width="80" height="18" rx="7" fill="#c8603a"/>
    <rect x="130" y="92" width="60" height="78" rx="8" fill="#fdf1d0"/><path d="M160 152c-16-10-10-28 0-40 10 12 16 30 0 40z" fill="#e9a23b"/>
    <path d="M146 92v78M174 92v78" stroke="#c8a86a" stroke-width="3"/><rect x="114" y="170" width="92" height="24" rx="8" fill="#c8603a"/>`,
  ),
  'HP-BP': scene(
    '#dfe7ea',
    `${shadow(160, 72, 208)}<path d="M124 60c0-30 72-30 72 0" fill="none" stroke="#1d3a33" stroke-width="8"/>
    <rect x="96" y="52" width="128" height="152" rx="30" fill="#3f6f86"/><path d="M178 52h16c17 0 30 13 30 30v92c0 17-13 30-30 30h-16z" fill="#345d71"/>
    <path d="M96 100h128V82c0-17-13-30-30-30h-68c-17 0-30 13-30 30z" fill="#c8603a"/><rect x="116" y="126" width="88" height="58" rx="14" fill="#2d5163"/>
    <path d="M130 144h60" stroke="#f3e3cf" stroke-width="4" stroke-linecap="round"/><path d="M130 88v28M190 88v28" stroke="#f3e3cf" stroke-width="7"/>`,
  ),
};

/** The bay at dusk: hills, pines, a lighthouse, a tent with a light in it. What matters stands where no screen cuts. */
export const heroArt = `<svg viewBox="0 0 1200 460" aria-hidden="true" focusable="false" preserveAspectRatio="xMidYMax slice">
<defs>
<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#1d3d36"/><stop offset=".45" stop-color="#3d6d5f"/><stop offset=".72" stop-color="#f0cfa0"/></linearGradient>
<linearGradient id="sea" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#dcae80"/><stop offset="1" stop-color="#4f7a70"/></linearGradient>
</defs>
<rect width="1200" height="460" fill="url(#sky)"/>
<circle cx="770" cy="262" r="54" fill="#fdebc4"/><circle cx="770" cy="262" r="84" fill="#fdebc4" opacity=".18"/>
<path d="M0 300V262c110-44 220-58 330-26s180 40 290 24 130 20 230 16 160-60 350-34v58z" fill="#3f6d61"/>
<path d="M0 312v-20c160-26 300-20 430-4s220 14 330 4 260-26 440-8v28z" fill="#32594f"/>
<rect y="300" width="1200" height="90" fill="url(#sea)"/>
<path d="M690 316h160M660 332h220M720 346h110M480 326h90M930 330h70" stroke="#fff3d9" stroke-width="3" opacity=".55" stroke-linecap="round"/>
<path d="M880 372c24-40 70-52 110-52s130 14 210 6v134H880z" fill="#1d3a33"/>
<path d="M975 322l9-106h32l9 106z" fill="#f3e8d6"/><path d="M979 276l4-36h34l4 36z" fill="#c8603a"/>
<rect x="981" y="196" width="38" height="22" rx="3" fill="#17302a"/><rect x="991" y="200" width="18" height="14" fill="#ffe9a8"/><path d="M979 196l21-20 21 20z" fill="#c8603a"/>
<path d="M0 366c140-26 280-34 420-16s280 26 420 14 240-10 360 8v88H0z" fill="#24443b"/>
<g fill="#17302a"><path d="M90 404l36-128 36 128z"/><path d="M136 412l46-168 46 168z"/><path d="M20 408l32-104 32 104z"/><path d="M1060 412l32-112 32 112z"/><path d="M1010 416l26-84 26 84z"/></g>
<g transform="translate(560 306)"><path d="M0 92 74 8l74 84z" fill="#c8603a"/><path d="M74 8l74 84h-42z" fill="#9c4526"/><path d="M74 8 46 92h56z" fill="#ffdf94"/><path d="M74 8 62 92h24z" fill="#e9a23b"/></g>
<path d="M0 420c200-26 420-18 640-12s400 10 560-8v60H0z" fill="#17302a"/></svg>`;

/** The mark: a pine that is also a sail. */
export const mark = `${open(32, 32)}<path d="M15 3v21H4z" fill="#2f6b5a"/><path d="M17 7l9 9h-4l6 8H17z" fill="#c8603a"/><path d="M3 27c4 2 6 2 9 0 3 2 5 2 8 0 3 2 6 2 9 0" fill="none" stroke="#24443b" stroke-width="2.4" stroke-linecap="round"/></svg>`;
