"""What the placeholders of the corpus stand for, by language: products of ours and of others, people."""

from __future__ import annotations

OURS = (
    "Mounjaro|Trulicity|Taltz|Olumiant|Verzenio|Emgality|Jaypirca|Ebglyss|Eliquis|Keytruda|Humira|Wegovy|Ozempic|Lipitor|"
    "Jardiance|Farxiga|Dupixent|Skyrizi|Cosentyx|Xarelto|Entresto|Ibrance|Rinvoq|Tremfya|Stelara|Kisqali|Opdivo|"
    "Lexapro|Zoloft|Neurontin|Synthroid|Repatha|Aimovig|Ocrevus|Prolia|Veklury|Simlandi|warfarin|metformin|"
    "Velmora|Cardinexa|Prostavil|Lumexia|Oncrevia|Dermazol|Nuvexa|Tarisol|Brevanta|Xolvida"
).split("|")
OURS_ZH = "猛健樂|易週糖|達癬治|愛滅炎|捷癌寧|恩疼停|艾必克凝|吉舒達|復邁|胰妥讚|立普妥|恩排糖|可善挺|Mounjaro|Eliquis|Taltz|Keytruda|Humira".split(
    "|"
)
OTHERS = (
    "Enbrel|Remicade|Victoza|Januvia|Pradaxa|methotrexate|Xeljanz|Orencia|Otezla|Plavix|Crestor|Bydureon|Ajovy|Nurtec|"
    "Tecentriq|Imfinzi|Calquence|Brukinsa|Lynparza|Adbry|Cibinqo|Invokana|Actemra|Bimzelx|Savaysa|Lantus|Qulipta|Simponi"
).split("|")
SURNAMES = (
    "Okafor|Nguyen|Patel|Ramirez|Schultz|Abrams|Whitlock|Chandra|Moretti|Kaplan|Osei|Lindholm|Garza|Petrova|Yoon|Haddad|"
    "Brennan|Castillo|Dube|Ferraro|Goldman|Hsu|Ito|Jacobs|Khan|Larsson|Mbeki|Novotny|O'Hara|Prasad|Quigg|Rossi|Stein|Tan|"
    "Underhill|Vargas|Weller|Xu|Young|Zimmer|Ashby|Boone|Crane|Dorsey|Ellison|Finch|Gupta|Holt|Ivers|Jensen"
).split("|")
SURNAMES_FR = (
    "Moreau|Girard|Lambert|Roussel|Vidal|Caron|Benali|Fontaine|Masson|Picard|Renaud|Delmas|Arnaud|Leroux".split("|")
)
SURNAMES_DE = "Krüger|Albrecht|Seidel|Vogt|Yilmaz|Brunner|Haas|Lorenz|Pfeiffer|Winkler|Ott|Sommer|Kessler|Bauer".split(
    "|"
)
SURNAMES_ZH = "陳林黃張李王吳劉蔡楊許鄭謝洪郭邱曾廖賴徐周葉蘇莊江何蕭羅高簡"
STAFF = "Maria|Jen|Tina|Carlos|Becky|Priya|Dawn|Luis|Steph|Angie|Kofi|Wendy|Ray|Mei|Gina|Paul".split("|")
STAFF_ZH = "小芳|雅婷|怡君|淑惠|佩珊|阿玲".split("|")
GIVEN = (
    "Harold|Teresa|Dorothy|Marcus|Elena|Raymond|Shirley|Tyrone|Beatriz|Gloria|Vincent|Nadia|Curtis|Irene|Leonard|Yolanda|"
    "Ernest|Felicia|Clifford|Ramona|Stanley|Bernice|Hector|Lorraine|Wilbur|Keisha|Norma|Doris|Amir|Svetlana"
).split("|")
FAMILY = (
    "Jankowski|Birdsong|Eubanks|Tillman|Orozco|Fitzroy|McBride|Sandoval|Pruitt|Valdez|Hargis|Lockwood|Stubbs|Ngo|Beasley|"
    "Trujillo|Kincaid|Villareal|Odom|Maddox|Peralta|Dunlap|Rasmussen|Whitaker|Zepeda|Bautista|Crowder|Ferris"
).split("|")
