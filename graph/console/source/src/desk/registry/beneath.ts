interface Division<Place> {
  children: readonly (Place & { children: readonly Place[] })[];
}

/** A division with what lies in it, two levels down: what a county keeps is its own, of its streets or of its communities. */
export function placesOf<Place>(division: (Place & Division<Place>) | null | undefined): Place[] {
  return division ? [division, ...division.children, ...division.children.flatMap(({ children }) => children)] : [];
}
