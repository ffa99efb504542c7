import changes from "./examples/changes.graphql";
import changesVariables from "./examples/changes.json";
import cities from "./examples/cities.graphql";
import citiesVariables from "./examples/cities.json";
import hierarchy from "./examples/hierarchy.graphql";
import hierarchyVariables from "./examples/hierarchy.json";
import schedule from "./examples/schedule.graphql";
import scheduleVariables from "./examples/schedule.json";
import search from "./examples/search.graphql";
import searchVariables from "./examples/search.json";

export const EXAMPLES = [
  {
    title: "The hierarchy of Yingze",
    about: "A district with its streets, communities, platforms and what they came to.",
    query: hierarchy,
    variables: hierarchyVariables,
  },
  {
    title: "Topics and their departments",
    about: "A search with a filter, an order and pages; who is involved, and their replies.",
    query: search,
    variables: searchVariables,
  },
  {
    title: "The province, city by city",
    about: "Statistics rolled up over every subtree.",
    query: cities,
    variables: citiesVariables,
  },
  {
    title: "Changes as they happen",
    about: "A subscription to the topics of a county.",
    query: changes,
    variables: changesVariables,
  },
  {
    title: "Schedule a session",
    about: "A mutation. It needs a token under Headers.",
    query: schedule,
    variables: scheduleVariables,
  },
];
