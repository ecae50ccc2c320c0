// Tests of PlanModel.
