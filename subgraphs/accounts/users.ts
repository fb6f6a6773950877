/** A row of the accounts database. */
export interface UserRecord {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly membership: 'FREE' | 'PLUS' | 'PRO';
  readonly joinedAt: string;
  readonly city: string;
  readonly country: string;
}

type Row = readonly [name: string, membership: UserRecord['membership'], joined: string, city: string, country: string];

const rows: readonly Row[] = [
  ['Ada Lindqvist', 'PRO', '2021-02-11', 'Uppsala', 'SE'],
  ['Bruno Almeida', 'FREE', '2023-07-30', 'Porto', 'PT'],
  ['Chiara Conti', 'PLUS', '2022-01-05', 'Turin', 'IT'],
  ['Dmitri Sokolov', 'FREE', '2024-03-19', 'Riga', 'LV'],
  ['Elif Demir', 'PRO', '2020-11-02', 'Izmir', 'TR'],
  ['Fionn Gallagher', 'FREE', '2022-09-14', 'Galway', 'IE'],
  ['Greta Hofmann', 'PLUS', '2021-06-21', 'Leipzig', 'DE'],
  ['Hugo Marchand', 'FREE', '2023-12-08', 'Lyon', 'FR'],
  ['Ines Navarro', 'PRO', '2020-05-17', 'Valencia', 'ES'],
  ['Jonas Berg', 'FREE', '2022-04-28', 'Bergen', 'NO'],
  ['Katarzyna Nowak', 'PLUS', '2021-10-09', 'Gdansk', 'PL'],
  ['Luca Moretti', 'FREE', '2024-01-23', 'Bologna', 'IT'],
  ['Maja Kovac', 'PRO', '2020-08-12', 'Ljubljana', 'SI'],
  ['Nikolai Petrov', 'FREE', '2023-02-04', 'Plovdiv', 'BG'],
  ['Olivia Hughes', 'PLUS', '2022-11-27', 'Bristol', 'GB'],
  ['Pavel Dvorak', 'FREE', '2021-03-15', 'Brno', 'CZ'],
  ['Quinn Murphy', 'FREE', '2024-06-01', 'Cork', 'IE'],
  ['Rania Haddad', 'PRO', '2020-12-20', 'Marseille', 'FR'],
  ['Sven Jansen', 'PLUS', '2021-08-08', 'Utrecht', 'NL'],
  ['Tereza Horak', 'FREE', '2023-05-25', 'Olomouc', 'CZ'],
  ['Ugo Ferri', 'FREE', '2022-02-18', 'Genoa', 'IT'],
  ['Vera Molnar', 'PRO', '2020-07-07', 'Szeged', 'HU'],
  ['Willem de Boer', 'PLUS', '2021-12-30', 'Groningen', 'NL'],
  ['Xenia Pappas', 'FREE', '2023-09-11', 'Thessaloniki', 'GR'],
  ['Yannick Dubois', 'FREE', '2024-02-29', 'Namur', 'BE'],
  ['Zofia Wisniewska', 'PRO', '2020-10-13', 'Krakow', 'PL'],
  ['Anton Virtanen', 'PLUS', '2022-06-06', 'Tampere', 'FI'],
  ['Beatriz Romero', 'FREE', '2023-03-03', 'Seville', 'ES'],
  ['Clara Nielsen', 'PLUS', '2021-01-19', 'Aarhus', 'DK'],
  ['David Osei', 'FREE', '2022-08-22', 'Leeds', 'GB'],
  ['Emil Andersson', 'PRO', '2020-04-10', 'Malmo', 'SE'],
  ['Farah Aziz', 'PLUS', '2023-10-16', 'Antwerp', 'BE'],
  ['Gustav Keller', 'FREE', '2022-12-01', 'Graz', 'AT'],
  ['Hanna Salo', 'FREE', '2024-04-14', 'Oulu', 'FI'],
  ['Ivan Horvat', 'PLUS', '2021-05-05', 'Split', 'HR'],
  ['Julia Schneider', 'PRO', '2020-09-24', 'Freiburg', 'DE'],
];

/** Numbered from `u1`. */
export const users: readonly UserRecord[] = rows.map(([name, membership, joined, city, country], at) => ({
  id: `u${at + 1}`,
  name,
  username: name.split(' ')[0]!.toLowerCase(),
  membership,
  joinedAt: `${joined}T09:00:00.000Z`,
  city,
  country,
}));
